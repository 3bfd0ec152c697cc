import Annotations
import GroundTruth
package import Logging
package import Storage

/// The pre-annotation function: an object's manifest line in, the `taskInput` of its labeling task out (contracts section 5).
package struct PreAnnotation: Sendable {
    package struct Settings: Sendable {
        /// Write `isHumanAnnotationRequired` as the seed's function does, as `"true"` or `"false"`.
        package var stringBooleans = false
        /// Add `text_file_s3_uri` to the task's `metadata`, as the seed's published response has it.
        package var textURIInMetadata = true
        /// Send objects without text to the workers all the same.
        package var annotatesEmptyTexts = false
        package init() {}
    }

    /// Characters of a task input, after which a template can no longer be rendered with it (contracts section 21).
    package static let maximumTaskInputCharacters = 128_000

    private let texts: TextObjects
    private let settings: Settings
    private let suggestions: TaskSuggestions?

    /// - Parameters:
    ///   - suggestions: Where the model is that proposes spans for each text; without one the response has nothing of it.
    ///   - blindShare: Of the tasks, which get no suggestions.
    package init(store: any ObjectStore, settings: Settings, suggestions slot: ModelSlot? = nil, blindShare: BlindShare = .none) {
        (texts, self.settings) = (TextObjects(store: store), settings)
        suggestions = slot.map { TaskSuggestions(slot: $0, blindShare: blindShare) }
    }

    /// - Parameter event: The event as bytes.
    /// - Returns: The response: one JSON document and one LF. `taskInput` has `taskObject`, `text`, `text-sha256` and `metadata`,
    ///   each when there is such a thing; with a model also `suggestions`, `initial-value` and `never-suggested`, or `suggestions-withheld`.
    /// - Throws: ``FunctionError``; a text that cannot be read is an error, never an empty text.
    package func respond(to event: [UInt8], logger: Logger) async throws(FunctionError) -> [UInt8] {
        let line: ManifestLine
        let reference: TextReference
        do {
            line = try PreAnnotationEvent(parsing: event).dataObject
            reference = try TextReference(line)
        } catch {
            throw FunctionError(.badEvent, error.message)
        }
        let text = try await text(of: line, reference)
        var taskInput: [String: JSONOutput] = [:]
        taskInput["taskObject"] = (line.value.present("source") ?? line.value.present("source-ref")).map { .raw($0) }
        taskInput["metadata"] = metadata(of: line, reference)
        if let text {
            taskInput["text"] = .string(text.string)
            taskInput["text-sha256"] = .string(sha256Hex(text.bytes))
        }
        var taskInputBytes = try Self.checked(.object(taskInput))
        var trustedModel: String?
        if let text, !text.isEmpty, let addition = suggestions?.addition(for: text, sha256: sha256Hex(text.bytes)) {
            do throws(FunctionError) {
                taskInputBytes = try Self.checked(.object(taskInput.merging(addition.members) { own, _ in own }))
                trustedModel = addition.trustedModel
            } catch {
                let metadata: Logger.Metadata = ["reason": "\(error.message)", "object": "\(Self.name(of: line))"]
                logger.notice("task goes without suggestions", metadata: metadata)
            }
        }
        let obstacle = obstacle(line, reference, text)
        if let obstacle {
            logger.notice("object needs no annotation", metadata: ["reason": "\(obstacle)", "object": "\(Self.name(of: line))"])
        }
        if obstacle == nil, let trustedModel {
            let metadata: Logger.Metadata = ["model": "\(trustedModel)", "object": "\(Self.name(of: line))"]
            logger.notice("task is left to the model", metadata: metadata)
        }
        let isRequired = obstacle == nil && trustedModel == nil
        let response: JSONOutput = [
            "isHumanAnnotationRequired": settings.stringBooleans ? .string("\(isRequired)") : .bool(isRequired),
            "taskInput": .raw(taskInputBytes[...]),
        ]
        return response.bytes + [0x0A]
    }

    /// The task input as bytes.
    private static func checked(_ taskInput: JSONOutput) throws(FunctionError) -> [UInt8] {
        let bytes = taskInput.bytes
        let characters = String(decoding: bytes, as: UTF8.self).unicodeScalars.count
        guard characters <= maximumTaskInputCharacters else {
            throw FunctionError(
                .taskInputTooLarge,
                "the task input has \(characters) characters; a template can be rendered with at most \(maximumTaskInputCharacters)"
            )
        }
        return bytes
    }

    private func text(of line: ManifestLine, _ reference: TextReference) async throws(FunctionError) -> DocumentText? {
        if let text = try await texts.text(for: reference) { return text }
        if let source = line["source"]?.string { return DocumentText(source) }
        return reference.status == nil ? nil : DocumentText("")
    }

    private func metadata(of line: ManifestLine, _ reference: TextReference) -> JSONOutput? {
        let metadata = line.value.present("metadata")
        let key = "text_file_s3_uri"
        guard settings.textURIInMetadata, let uri = reference.uri else { return metadata.map { .raw($0) } }
        guard let metadata else { return .object([key: .string(uri)]) }
        guard case .object = metadata.kind, metadata[key] == nil else { return .raw(metadata) }
        return .raw(metadata.setting([key: .string(uri)])[...])
    }

    /// Why no worker can annotate the object; `nil` when one can.
    private func obstacle(_ line: ManifestLine, _ reference: TextReference, _ text: DocumentText?) -> String? {
        if line.value.present("source") == nil, line.value.present("source-ref") == nil { return "neither source nor source-ref" }
        guard !settings.annotatesEmptyTexts else { return nil }
        switch reference.status {
        case "failed": return "the page could not be read: \(reference.failureReason ?? "no reason given")"
        case "not-found": return "no abstract was found on the page"
        default: return text?.isEmpty == true ? "the text is empty" : nil
        }
    }

    /// What the object is called in logs, without its text.
    private static func name(of line: ManifestLine) -> String { line["source-ref"]?.string ?? "a line with source" }
}
