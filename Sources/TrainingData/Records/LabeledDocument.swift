package import Annotations
package import GroundTruth

/// A text with its final spans: what is exported.
package struct LabeledDocument: Sendable {
    package let id: String
    package let text: DocumentText
    package let entities: [ScoredSpan]
    /// Sentences, ascending, where the record has them.
    package let sentences: [Range<ScalarOffset>]?
    /// The manifest line or span record it comes from.
    package let line: ManifestLine
    private let givenTokens: [Range<ScalarOffset>]?

    /// - Parameter tokens: Ascending; `nil` where the record has none.
    package init(
        id: String, text: DocumentText, entities: [ScoredSpan], line: ManifestLine, tokens: [Range<ScalarOffset>]? = nil,
        sentences: [Range<ScalarOffset>]? = nil
    ) {
        (self.id, self.text, self.entities, self.line) = (id, text, entities, line)
        (givenTokens, self.sentences) = (tokens, sentences)
    }

    /// The record's own tokens, else words and signs.
    package var tokens: [Range<ScalarOffset>] { givenTokens ?? Tokenizer.tokens(of: text) }

    /// What the record holds under `metadata`, if that is an object.
    var metadata: [JSONValue.Member] { line["metadata"]?.object ?? [] }
}

/// Something that an export leaves out or changes; written to `loss.jsonl` beside it.
package struct Loss: Sendable, Equatable {
    package let id: String
    package let code: String
    package let message: String
    package let span: ScalarSpan?

    package init(id: String, code: String, message: String, span: ScalarSpan? = nil) {
        (self.id, self.code, self.message, self.span) = (id, code, message, span)
    }

    /// One line of JSON, with its LF.
    package var line: [UInt8] {
        var members: [String: JSONOutput] = ["code": .string(code), "id": .string(id), "message": .string(message)]
        members["span"] = span.map { ScoredSpan(span: $0, confidence: nil).json }
        return JSONOutput.object(members).bytes + [0x0A]
    }
}
