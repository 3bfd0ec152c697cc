import FoundationEssentials
import Functions
import GroundTruth
package import LabelingJobs
import Liquid
import Storage

/// The worker's page: whether it can be shown and answered.
extension JobValidation {
    /// A template with none of these faults can be parsed, and workers can answer with it.
    private static let tolerable: Set<TemplateFinding.Code> = [
        .insecureSource, .legacyVariable, .skipsEscape, .escapedURL, .unknownElement, .nestedForm,
    ]
    package static let maximumTemplateBytes = 1 << 20
    private static let refusal = "ValidationException"

    func checkTemplate(_ request: JSONValue, _ settings: JobSettings) async -> (text: String?, findings: [Finding]) {
        let page = request.present("HumanTaskConfig")?.present("UiConfig")
        guard let name = page?.present("UiTemplateS3Uri")?.string else { return (BuiltInTemplate.entities, []) }
        let member = "HumanTaskConfig.UiConfig.UiTemplateS3Uri"
        guard let uri = try? ObjectURI(member: name) else { return (nil, []) }
        let bytes: [UInt8]
        do { bytes = try await engine.objects.get(uri, atMost: Self.maximumTemplateBytes) } catch {
            return (nil, [invalid("\(member): \(error)")])
        }
        let findings = Self.findings(inTemplate: bytes, called: name, for: settings.task).map { found in
            Finding(code: found.code, message: "\(member): \(found.message)")
        }
        let isUsable = findings.allSatisfy { $0.code == Self.warning }
        return (isUsable ? String(validating: bytes, as: UTF8.self) : nil, findings)
    }

    /// What is amiss with a template by itself.
    ///
    /// - Parameters:
    ///   - name: As which the findings name it.
    ///   - task: The task whose function consolidates the answers; `nil` for other functions, which find them anywhere.
    package static func findings(inTemplate bytes: [UInt8], called name: String, for task: BuiltInTask?) -> [Finding] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return [Finding(code: refusal, message: "\(name) is not UTF-8; save the template as UTF-8")]
        }
        let report = TemplateLint.report(on: text)
        var findings = report.findings.map { found in
            Finding(code: tolerable.contains(found.code) ? warning : refusal, message: "\(name):\(found.line): \(found)")
        }
        if let task, !report.controls.isEmpty, !report.controls.contains(task.answerKey) {
            let message = "\(name) has no control called `\(task.answerKey)`, where ACS-\(task.rawValue) looks for the answer"
            findings.append(Finding(code: warning, message: message))
        }
        return findings
    }

    /// Renders the template with a task's input, as far as that can be had without calling functions elsewhere.
    func render(
        _ template: String, _ line: ManifestLine, _ settings: JobSettings, _ categories: LabelCategories?
    ) async -> [Finding] {
        let member = "HumanTaskConfig.UiConfig"
        do {
            guard let input = try await taskInput(line, settings, categories) else { return [] }
            let html = try WorkerTemplate(template, name: "template").document(
                input,
                in: Surroundings(grantReadAccess: { $0 }, now: { Int(Date().timeIntervalSince1970) }))
            guard html.count(where: { $0 & 0xC0 != 0x80 }) <= 128_000 else {
                return [invalid("\(member): the template with the first line of the manifest has more than 128000 characters")]
            }
            return []
        } catch {
            return [invalid("\(member): with the first line of the manifest: \(error)")]
        }
    }

    private func taskInput(
        _ line: ManifestLine, _ settings: JobSettings, _ categories: LabelCategories?
    ) async throws -> JSONValue? {
        switch settings.before {
        case .none: return line.value
        case .builtIn(let task):
            guard let categories else { return nil }
            return try JSONScanner.parse(categories.taskInput(of: line, task: task))
        case .named(let name):
            guard let handler = handlers.first(where: { $0.isNamed(name) }) else { return nil }
            let event = JSONOutput.object(["dataObject": .raw(line.raw), "version": "2018-10-16"])
            let response = try PreAnnotationResponse(parsing: try await handler.respond(to: event.bytes, logger: logger))
            return response.taskInput
        }
    }
}
