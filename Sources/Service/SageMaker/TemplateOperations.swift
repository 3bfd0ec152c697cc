import FoundationEssentials
import GroundTruth
import LabelingJobs
import Liquid

/// RenderUiTemplate: what a worker would see for one task.
extension SageMakerOperations {
    /// The page is for who saves it or shows it elsewhere, so addresses of this service in it are whole.
    ///
    /// - Parameter origin: Where the caller reaches this service.
    func renderTemplate(_ request: JSONValue, _ origin: String) async throws(JobError) -> JSONOutput {
        let template = try templateText(request)
        let input = request.present("Task")?.present("Input")?.string ?? ""
        do {
            let value = try JSONValue.message(Array(input.utf8), "Task.Input")
            let page = try WorkerTemplate(
                template, name: "template", crowdScriptURL: origin + PageRoutes.assetPath + AssetFolder.crowdElements)
            let grants: @Sendable (String) throws -> String = if let links { try await links.grants() } else { { $0 } }
            let surroundings = Surroundings(
                grantReadAccess: { uri in
                    let url = try grants(uri)
                    return url.hasPrefix("/") ? origin + url : url
                }, now: { Int(Date().timeIntervalSince1970) })
            let html = try page.document(value, in: surroundings)
            return ["Errors": [], "RenderedContent": .string(String(decoding: html, as: UTF8.self))]
        } catch {
            let code = (error as? LiquidError).map { "\($0.code)" } ?? "input"
            return ["Errors": [["Code": .string(code), "Message": .string("\(error)")]], "RenderedContent": ""]
        }
    }

    private func templateText(_ request: JSONValue) throws(JobError) -> String {
        let own = request.present("UiTemplate")?.present("Content")?.string
        let builtIn = request.present("HumanTaskUiArn")?.string
        switch (own, builtIn) {
        case (let own?, nil): return own
        case (nil, let arn?):
            _ = try JobRules.servedTaskUI(arn)
            return BuiltInTemplate.entities
        default: throw JobError(.invalid, "one of UiTemplate and HumanTaskUiArn must be given")
        }
    }
}

/// Templates of built-in pages, for those who ask for a built-in page by its ARN.
enum BuiltInTemplate {
    /// Marking entities in `task.input.taskObject`.
    static let entities = """
        <script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
        <crowd-entity-annotation name="crowd-entity-annotation" header="Mark the parts of the text that a label fits"
          labels="{{ task.input.labels | to_json | escape }}" text="{{ task.input.taskObject }}"
          initial-value="{{ task.input.initial-value | to_json | escape }}">
          <full-instructions header="How to label">Select a part of the text, then the label that fits it.</full-instructions>
          <short-instructions>Select a part of the text, then the label that fits it.</short-instructions>
        </crowd-entity-annotation>
        """
}
