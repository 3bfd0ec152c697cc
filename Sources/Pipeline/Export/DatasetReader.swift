import Annotations
import Functions
import GroundTruth
package import Storage
package import TrainingData

/// The documents of an output manifest or of span JSON Lines, one at a time.
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
    private let form: Form

    /// Looks through the file once: lines with `source` or `source-ref` are a manifest's.
    ///
    /// - Parameter attribute: The label attribute of a manifest; may be `nil` when its lines have only one.
    /// - Throws: ``PlanError`` when the manifest has no label attribute, or several to choose from.
    package init(store: any ObjectStore, input: ObjectURI, attribute: String?) async throws {
        (self.store, self.input) = (store, input)
        texts = TextObjects(store: store)
        form = try await Self.form(of: input, in: store, attribute: attribute)
    }

    private static func form(of input: ObjectURI, in store: any ObjectStore, attribute: String?) async throws -> Form {
        var isManifest: Bool?
        var attributes: Set<String> = []
        try await store.forEachLine(of: input) { line in
            guard isManifest != false, let line = try? ManifestLine(parsing: line.bytes) else { return }
            isManifest = isManifest ?? (line["source"] != nil || line["source-ref"] != nil)
            attributes.formUnion(ManifestLabels.attributes(of: line))
        }
        guard isManifest == true else { return .spans }
        if let attribute { return .manifest(attribute: attribute) }
        guard let only = attributes.first, attributes.count == 1 else {
            throw PlanError(
                message: attributes.isEmpty
                    ? "\(input): no key of any line holds labels; name one with --label-attribute"
                    : "\(input) has labels under \(attributes.sorted().joined(separator: ", ")); choose one with --label-attribute")
        }
        return .manifest(attribute: only)
    }

    /// The label attribute that a ground-truth export of this input uses.
    package var labelAttribute: String {
        switch form {
        case .manifest(let attribute): attribute
        case .spans: "labels"
        }
    }

    package func forEachItem(_ body: (Item) async throws -> Void) async throws {
        try await store.forEachLine(of: input) { line in
            guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
            let next: Item
            do throws(RecordError) {
                next = try await item(line)
            } catch {
                next = .left(Loss(id: "line-\(line.number)", code: error.code, message: error.message), isFailure: true)
            }
            try await body(next)
        }
    }

    private func item(_ line: LineSplitter.Line) async throws(RecordError) -> Item {
        switch form {
        case .spans: return try Self.item(try SpanRecord(parsing: line.bytes, number: line.number))
        case .manifest(let attribute):
            let manifestLine: ManifestLine
            do throws(ManifestError) { manifestLine = try ManifestLine(parsing: line.bytes) } catch {
                throw RecordError(error.code.rawValue, error.message)
            }
            return try await item(manifestLine, attribute: attribute, number: line.number)
        }
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
            return .document(
                LabeledDocument(id: id, text: text, entities: try ManifestLabels.spans(labels, text: text), line: line))
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
