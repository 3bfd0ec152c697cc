import Annotations
import Functions
import GroundTruth
package import Storage
package import TrainingData

/// The documents of an output manifest or of span JSON Lines, one at a time; the first line that can be read says which of the two a file is.
package struct DatasetReader: Sendable {
    /// What a line is.
    package enum Item: Sendable {
        case document(LabeledDocument)
        /// Nothing to export: not labeled, or failed; or not usable.
        case left(Loss, isFailure: Bool)
    }

    private enum Form { case manifest(attribute: String), spans }

    private let store: any ObjectStore
    private let texts: TextObjects
    private let input: ObjectURI
    private let attribute: String?

    /// - Parameter attribute: The label attribute of a manifest; may be `nil` when its lines have only one.
    package init(store: any ObjectStore, input: ObjectURI, attribute: String?) {
        (self.store, self.input, self.attribute) = (store, input, attribute)
        texts = TextObjects(store: store)
    }

    package func forEachItem(_ body: (Item) async throws -> Void) async throws {
        let attribute = try await onlyAttribute()
        var form: Form?
        try await store.forEachLine(of: input) { line in
            guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
            let next: Item
            do throws(RecordError) {
                next = try await item(line, attribute: attribute, form: &form)
            } catch {
                next = .left(Loss(id: "line-\(line.number)", code: error.code, message: error.message), isFailure: true)
            }
            try await body(next)
        }
    }

    private func item(_ line: LineSplitter.Line, attribute: String?, form: inout Form?) async throws(RecordError) -> Item {
        let manifestLine: ManifestLine
        do throws(ManifestError) { manifestLine = try ManifestLine(parsing: line.bytes) } catch { throw RecordError(error.code.rawValue, error.message) }
        let known: Form
        if let form { known = form } else { known = try Self.form(of: manifestLine, attribute: attribute) }
        form = known
        switch known {
        case .spans: return try Self.item(try SpanRecord(parsing: line.bytes, number: line.number))
        case .manifest(let attribute): return try await item(manifestLine, attribute: attribute, number: line.number)
        }
    }

    /// The label attribute that a ground-truth export of this input uses.
    package func labelAttribute() async throws -> String {
        try await onlyAttribute() ?? "labels"
    }

    /// The attribute that was asked for, else the only one of the first line with labels; lines before it may be unlabeled.
    private func onlyAttribute() async throws -> String? {
        if let attribute { return attribute }
        var attributes: [String] = []
        try await store.forEachLine(of: input) { line in
            guard attributes.isEmpty, let line = try? ManifestLine(parsing: line.bytes), Self.isOfManifest(line) else { return }
            attributes = ManifestLabels.attributes(of: line)
        }
        return attributes.count == 1 ? attributes[0] : nil
    }

    private static func isOfManifest(_ line: ManifestLine) -> Bool { line["source"] != nil || line["source-ref"] != nil }

    /// - Parameter attribute: The input's label attribute, where it is known.
    private static func form(of line: ManifestLine, attribute: String?) throws(RecordError) -> Form {
        guard isOfManifest(line) else { return .spans }
        if let attribute { return .manifest(attribute: attribute) }
        let attributes = ManifestLabels.attributes(of: line)
        guard let only = attributes.first, attributes.count == 1 else {
            throw RecordError(
                "no-label-attribute",
                attributes.isEmpty
                    ? "no key of the line holds labels; name one with --label-attribute"
                    : "the line has labels under \(attributes.joined(separator: ", ")); choose one with --label-attribute")
        }
        return .manifest(attribute: only)
    }

    private static func item(_ record: SpanRecord) throws(RecordError) -> Item {
        guard let entities = record.entities else {
            throw RecordError("no-entities", "the record has no `entities`; consolidate its answers first")
        }
        return .document(LabeledDocument(id: record.id, text: record.text, entities: entities, line: record.line))
    }

    private func item(_ line: ManifestLine, attribute: String, number: Int) async throws(RecordError) -> Item {
        let id = line.string("source-ref") ?? "line-\(number)"
        switch try ManifestLabels.state(of: line, attribute: attribute) {
        case .unlabeled: return .left(Loss(id: id, code: "unlabeled", message: "the line has no `\(attribute)`"), isFailure: false)
        case .failed(let reason): return .left(Loss(id: id, code: "failed", message: reason), isFailure: false)
        case .labeled(let labels):
            let text = try await text(of: line)
            return .document(LabeledDocument(id: id, text: text, entities: try ManifestLabels.spans(labels, text: text), line: line))
        }
    }

    private func text(of line: ManifestLine) async throws(RecordError) -> DocumentText {
        do {
            if let text = try await texts.text(for: TextReference(line)) { return text }
        } catch let error as FunctionError {
            throw RecordError("\(error.code)", error.message)
        } catch {
            throw RecordError("bad-line", "\(error)")
        }
        guard let source = line["source"]?.string else {
            throw RecordError("no-text", "the line has neither `text-file-s3-uri` nor `source`")
        }
        return DocumentText(source)
    }
}
