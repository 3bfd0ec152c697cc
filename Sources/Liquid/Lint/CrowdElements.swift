/// The elements of AWS's crowd HTML library (developer guide, Crowd HTML Elements Reference).
enum CrowdElements {
    /// Elements that mark regions of images, which are not supported here.
    static let regions: Set<String> = [
        "crowd-bounding-box", "crowd-instance-segmentation", "crowd-keypoint", "crowd-line", "crowd-polygon", "crowd-polyline",
        "crowd-semantic-segmentation",
    ]

    /// Elements whose `name` becomes a key of the answer.
    static let controls: Set<String> = regions.union([
        "crowd-checkbox", "crowd-classifier", "crowd-classifier-multi-select", "crowd-entity-annotation", "crowd-image-classifier",
        "crowd-image-classifier-multi-select", "crowd-input", "crowd-radio-button", "crowd-slider", "crowd-text-area",
        "crowd-toggle-button", "input", "select", "textarea",
    ])

    static let known: Set<String> = controls.filter { $0.hasPrefix("crowd-") }.union([
        "crowd-alert", "crowd-badge", "crowd-button", "crowd-card", "crowd-fab", "crowd-form", "crowd-icon-button",
        "crowd-instructions", "crowd-modal", "crowd-radio-group", "crowd-tab", "crowd-tabs", "crowd-toast",
    ])
}
