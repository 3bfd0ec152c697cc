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

    private enum Form {
        /// - Parameter isGiven: Whether somebody named the attribute; else it is the only one there is.
        case manifest(attribute: String, isGiven: Bool)
        case spans(attribute: String)
    }

    private let store: any ObjectStore
    private let texts: ManifestTexts
    private let input: ObjectURI
    private let form: Form

    /// Looks at the first lines: a record with a `text` is a line of spans, one with `source` or `source-ref` a manifest's.
    ///
    /// - Parameter attribute: The label attribute of a manifest; may be `nil` when its lines have only one.
    /// - Throws: ``PlanError`` when the manifest has no label attribute, or several to choose from.
    package init(store: any ObjectStore, input: ObjectURI, attribute: String?) async throws {
        (self.store, self.input) = (store, input)
        texts = ManifestTexts(store: store)
        form = try await Self.form(of: input, in: store, attribute: attribute)
    }

    /// Thrown to end a reading early.
    private struct Enough: Error {}

    private static func form(of input: ObjectURI, in store: any ObjectStore, attribute: String?) async throws -> Form {
        var form: Form?
        var isManifest = false
        do {
            try await store.forEachLine(of: input) { line in
                guard let line = try? ManifestLine(parsing: line.bytes) else { return }
                let attributes = ManifestLabels.attributes(of: line)
                if !isManifest, isSpanRecord(line) {
                    form = .spans(attribute: attributes.first ?? "labels")
                    throw Enough()
                }
                isManifest = true
                if let attribute {
                    form = .manifest(attribute: attribute, isGiven: true)
                } else if let first = attributes.first {
                    form = .manifest(attribute: first, isGiven: false)
                }
                if form != nil { throw Enough() }
            }
        } catch is Enough {}
        if isManifest, form == nil {
            throw PlanError(message: "\(input): no key of any line holds labels; name one with --label-attribute")
        }
        return form ?? .spans(attribute: "labels")
    }

    /// A record of spans may have any other keys too, `source` among them.
    static func isSpanRecord(_ line: ManifestLine) -> Bool {
        let isManifestLine = line["source"] != nil || line["source-ref"] != nil
        guard line["text"]?.string != nil else { return !isManifestLine }
        return !isManifestLine || ["entities", "annotations", "suggestions", "gold"].contains { line[$0]?.array != nil }
    }

    /// The label attribute that a ground-truth export of this input uses.
    package var labelAttribute: String {
        switch form {
        case .manifest(let attribute, _): attribute
        case .spans(let attribute): attribute
        }
    }

    /// - Throws: ``PlanError`` when the lines of a manifest have no such label attribute, or, where none was named, a second one.
    package func forEachItem(_ body: (Item) async throws -> Void) async throws {
        var attributes = AttributeCheck()
        try await store.forEachLine(of: input) { line in
            guard !line.isBlank else { return }
            let next: Item
            do throws(RecordError) {
                next = try await item(line, &attributes)
            } catch {
                next = .left(Loss(id: "line-\(line.number)", code: error.code, message: error.message), isFailure: true)
            }
            if let second = attributes.second { throw ambiguous(second) }
            try await body(next)
        }
        guard case .manifest(let attribute, true) = form, !attributes.isSeen else { return }
        throw PlanError(
            message: "\(input): no line has `\(attribute)`; "
                + (attributes.others.isEmpty
                    ? "no key of any line holds labels"
                    : "labels stand under \(attributes.others.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", "))")
        )
    }

    private func ambiguous(_ second: String) -> PlanError {
        let names = [labelAttribute, second].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ", ")
        return PlanError(message: "\(input) has labels under \(names); choose one with --label-attribute")
    }

    /// What the lines say about the label attribute.
    private struct AttributeCheck {
        /// Whether some line has the attribute, or its metadata.
        var isSeen = false
        /// Attributes of lines, until the one wanted came up.
        var others: Set<String> = []
        /// A second attribute, where none was named.
        var second: String?

        mutating func take(_ line: ManifestLine, attribute: String, isGiven: Bool) {
            if isGiven, isSeen { return }
            let attributes = ManifestLabels.attributes(of: line)
            if isGiven {
                isSeen = line[attribute] != nil || line["\(attribute)-metadata"] != nil
                others.formUnion(attributes)
            } else {
                second = attributes.first { !$0.utf8.elementsEqual(attribute.utf8) }
            }
        }
    }

    // MARK: Lines

    private func item(_ line: LineSplitter.Line, _ attributes: inout AttributeCheck) async throws(RecordError) -> Item {
        switch form {
        case .spans: return try Self.item(try SpanRecord(parsing: line.bytes, number: line.number))
        case .manifest(let attribute, let isGiven):
            let manifestLine: ManifestLine
            do throws(ManifestError) { manifestLine = try ManifestLine(parsing: line.bytes) } catch {
                throw RecordError(error.code.rawValue, error.message)
            }
            attributes.take(manifestLine, attribute: attribute, isGiven: isGiven)
            return try await item(manifestLine, attribute: attribute, number: line.number)
        }
    }

    private static func item(_ record: SpanRecord) throws(RecordError) -> Item {
        guard let entities = record.entities else {
            guard !record.answers.isEmpty else {
                return .left(Loss(id: record.id, code: "unlabeled", message: "the record has no `entities`"), isFailure: false)
            }
            throw RecordError("no-entities", "the record has no `entities`; consolidate its answers first")
        }
        return .document(
            LabeledDocument(
                id: record.id, text: record.text, entities: entities, line: record.line, tokens: record.tokens,
                sentences: record.sentences))
    }

    private func item(_ line: ManifestLine, attribute: String, number: Int) async throws(RecordError) -> Item {
        let id = line.string("source-ref") ?? "line-\(number)"
        switch try ManifestLabels.state(of: line, attribute: attribute) {
        case .unlabeled: return .left(Loss(id: id, code: "unlabeled", message: "the line has no `\(attribute)`"), isFailure: false)
        case .failed(let reason): return .left(Loss(id: id, code: "failed", message: reason), isFailure: false)
        case .labeled(let labels):
            let text = try await texts.text(of: line)
            return .document(
                LabeledDocument(id: id, text: text, entities: try ManifestLabels.spans(labels, text: text), line: line))
        }
    }
}
