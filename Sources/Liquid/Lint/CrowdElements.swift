/// The elements of AWS's crowd HTML library (developer guide, Crowd HTML Elements Reference).
enum CrowdElements {
    /// Elements for images, video, point clouds and answers of language models, which are not supported here.
    static let unsupported: Set<String> = [
        "crowd-3d-point-cloud", "crowd-bounding-box", "crowd-instance-segmentation", "crowd-keypoint", "crowd-line",
        "crowd-polygon", "crowd-polyline", "crowd-question-answer-generation", "crowd-rekognition-detect-moderation-labels",
        "crowd-semantic-segmentation", "crowd-text-ranking", "crowd-textract-analyze-document", "crowd-video-object-detection",
        "crowd-video-object-tracking",
    ]

    /// Elements whose `name` becomes a key of the answer.
    static let controls: Set<String> = unsupported.union([
        "crowd-checkbox", "crowd-classifier", "crowd-classifier-multi-select", "crowd-entity-annotation", "crowd-image-classifier",
        "crowd-image-classifier-multi-select", "crowd-input", "crowd-radio-button", "crowd-slider", "crowd-text-area",
        "crowd-toggle-button", "input", "select", "textarea",
    ])

    static let known: Set<String> = controls.filter { $0.hasPrefix("crowd-") }.union([
        "crowd-alert", "crowd-badge", "crowd-button", "crowd-card", "crowd-fab", "crowd-form", "crowd-icon", "crowd-icon-button",
        "crowd-instructions", "crowd-modal", "crowd-radio-group", "crowd-spinner", "crowd-tab", "crowd-tabs", "crowd-toast",
        "crowd-tooltip",
    ])
}
