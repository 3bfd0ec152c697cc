import Functions
import GroundTruth
import Logging
import Service
import Storage

/// The lines of a manifest, and the task inputs that they become.
struct PreviewManifest: Sendable {
    let lines: [ManifestLine]
    /// Makes a task input; `nil`: the line itself is one, as in a job without a pre-annotation function.
    let function: PreAnnotation?
    /// Names of categories, as the built-in tasks for classification put them into `labels`.
    let categories: [String]?
    let logger: Logger

    /// - Throws: ``CommandFailure`` for a line that is none, or when there are no lines.
    static func lines(of uri: ObjectURI, in store: any ObjectStore) async throws -> [ManifestLine] {
        var lines: [ManifestLine] = []
        try await store.forEachLine(of: uri) { line in
            guard !line.isBlank else { return }
            do {
                lines.append(try ManifestLine(parsing: line.bytes))
            } catch {
                throw CommandFailure(status: .badData, message: "\(uri.typed):\(line.number): \(error)")
            }
        }
        guard !lines.isEmpty else { throw CommandFailure(status: .badData, message: "\(uri.typed) has no lines") }
        return lines
    }

    /// - Parameter number: From 1, blank lines left out.
    func input(_ number: Int) async throws -> TemplatePreview.TaskInput {
        let line = lines[number - 1]
        guard let function else { return TemplatePreview.TaskInput(try adding(line.value)) }
        let event = JSONOutput.object(["dataObject": .raw(line.value), "version": "2018-10-16"])
        let response = try JSONScanner.parse(try await function.respond(to: event.bytes, logger: logger))
        guard let input = response["taskInput"] else { preconditionFailure("our own response has a taskInput") }
        let isOffered =
            response["isHumanAnnotationRequired"]?.bool != false && response["isHumanAnnotationRequired"]?.string != "false"
        return TemplatePreview.TaskInput(
            try adding(input), note: isOffered ? nil : "no worker would get this object: pre-annotation says that nobody is needed")
    }

    private func adding(_ input: JSONValue) throws -> JSONValue {
        guard let categories else { return input }
        return try JSONScanner.parse(input.setting(["labels": .array(categories.map { .string($0) })]))
    }

    /// The labels of a label category configuration file (contracts section 4).
    static func categories(in bytes: [UInt8], named name: String) throws -> [String] {
        let labels = try? JSONValue.message(bytes, name)["labels"]?.array?.compactMap { $0["label"]?.string }
        guard let labels, !labels.isEmpty else {
            throw CommandFailure(status: .badData, message: #"\#(name) has no labels; expected {"labels":[{"label":…}]}"#)
        }
        return labels
    }
}
