import Annotations
import GroundTruth
import Suggestions

/// What a model proposes for the text of a task, as a template has it: offsets are UTF-16 code units.
struct TaskSuggestions {
    let suggester: Suggester

    /// The members that a task input gets:
    /// - `suggestions`: start, end, label, confidence, and the source and version of the model;
    /// - `initial-value`: the same spans as `crowd-entity-annotation` takes them (contracts section 7);
    /// - `never-suggested`: labels that the model can never propose; absent where there are none.
    func members(for text: DocumentText) -> [String: JSONOutput] {
        let model = suggester.model
        let spans = suggester.suggest(text).map { (span: text.utf16($0.span), confidence: $0.confidence) }
        let suggestions = spans.map { span, confidence -> JSONOutput in
            .object(
                Self.members(of: span).merging([
                    "confidence": .decimal(confidence), "source": .string(model.source), "version": .string(model.version),
                ]) { own, _ in own })
        }
        var members: [String: JSONOutput] = [
            "initial-value": .array(spans.map { .object(Self.members(of: $0.span)) }), "suggestions": .array(suggestions),
        ]
        if !suggester.neverProposed.isEmpty {
            members["never-suggested"] = .array(suggester.neverProposed.map { .string($0.name) })
        }
        return members
    }

    private static func members(of span: UTF16Span) -> [String: JSONOutput] {
        [
            "endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue),
        ]
    }
}
