import Annotations
import GroundTruth
import Suggestions

/// What a model proposes for the text of a task, as a template has it: offsets are UTF-16 code units.
struct TaskSuggestions {
    let slot: ModelSlot
    let blindShare: BlindShare

    /// What suggestions add to a task.
    struct Addition {
        let members: [String: JSONOutput]
        /// Set when no worker needs to see the task: the model that is trusted with it.
        var trustedModel: String?
    }

    /// A task of the hidden share gets the member `suggestions-withheld`, which is true and nothing that a page shows; every other one
    /// suggestions. Tasks of the hidden share always go to the workers: they show whether the trust is deserved.
    func addition(for text: DocumentText, sha256: String) -> Addition {
        guard !blindShare.contains(textSHA256: sha256) else { return Addition(members: ["suggestions-withheld": true]) }
        let suggester = slot.suggester
        let (suggestions, isTrusted) = suggester.review(text)
        return Addition(
            members: Self.members(for: text, suggestions, by: suggester),
            trustedModel: isTrusted ? "\(suggester.model.source) \(suggester.model.version)" : nil)
    }

    /// The members that a task input gets:
    /// - `suggestions`: start, end, label, confidence, and the source and version of the model;
    /// - `initial-value`: the same spans as `crowd-entity-annotation` takes them (contracts section 7);
    /// - `never-suggested`: labels that the model can never propose; absent where there are none.
    private static func members(for text: DocumentText, _ suggestions: [Suggestion], by suggester: Suggester) -> [String:
        JSONOutput]
    {
        let model = suggester.model
        let spans = suggestions.map { (span: text.utf16($0.span), confidence: $0.confidence) }
        let scored = spans.map { span, confidence -> JSONOutput in
            .object(
                members(of: span).merging([
                    "confidence": .decimal(confidence), "source": .string(model.source), "version": .string(model.version),
                ]) { own, _ in own })
        }
        var added: [String: JSONOutput] = [
            "initial-value": .array(spans.map { .object(members(of: $0.span)) }), "suggestions": .array(scored),
        ]
        if !suggester.neverProposed.isEmpty {
            added["never-suggested"] = .array(suggester.neverProposed.map { .string($0.name) })
        }
        return added
    }

    private static func members(of span: UTF16Span) -> [String: JSONOutput] {
        [
            "endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue),
        ]
    }
}
