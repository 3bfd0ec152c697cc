package import Annotations
package import GroundTruth

/// What the owner decided about a disputed place of an object's label.
package struct SpanDecision: Sendable {
    /// The place, in UTF-16 code units: every span of the label that overlaps it gives way to the choice.
    package let place: Range<Int>
    /// `nil`: nothing is to be marked there.
    package let choice: UTF16Span?
    package let decided: Timestamp

    package init(place: Range<Int>, choice: UTF16Span?, decided: Timestamp) {
        (self.place, self.choice, self.decided) = (place, choice, decided)
    }

    /// A span of a label, with what stands beside it in lists of the same order.
    fileprivate struct Entity {
        let start: Int
        let end: Int
        let label: String
        let value: JSONOutput
        /// By the name of the list.
        var beside: [String: JSONOutput]

        func overlaps(_ place: Range<Int>) -> Bool { start < place.upperBound && place.lowerBound < end }
    }

    /// A job's output line with the decisions in its label, and what they replaced in the label's metadata, under `adjudications`.
    ///
    /// - Returns: The line as it is when its label holds no spans.
    static func apply(_ decisions: [SpanDecision], to line: ManifestLine, attribute: String) -> [UInt8] {
        guard !decisions.isEmpty, let label = line[attribute], let annotations = label["annotations"],
            let found = annotations["entities"]?.array, let metadata = line["\(attribute)-metadata"], metadata.object != nil
        else { return Array(line.raw) }
        var entities = entities(found, label, metadata)
        var adjudications: [JSONOutput] = []
        for decision in decisions {
            adjudications.append(decision.record(replacing: entities.filter { $0.overlaps(decision.place) }))
            entities.removeAll { $0.overlaps(decision.place) }
            if let choice = decision.choice { entities.append(Entity(chosen: choice)) }
        }
        entities.sort { ($0.start, $0.end) != ($1.start, $1.end) ? ($0.start, $0.end) < ($1.start, $1.end) : $0.label < $1.label }
        func list(_ name: String) -> JSONOutput { .array(entities.map { $0.beside[name] ?? .null }) }
        var parts: [String: JSONOutput] = [
            "annotations": .raw(annotations.setting(["entities": .array(entities.map(\.value))])[...])
        ]
        if let consolidation = label["consolidation"], consolidation.object != nil {
            let lists = Dictionary(uniqueKeysWithValues: Self.lists.filter { consolidation[$0] != nil }.map { ($0, list($0)) })
            parts["consolidation"] = .raw(consolidation.setting(lists)[...])
        }
        var notes: [String: JSONOutput] = ["adjudications": .array(adjudications)]
        if metadata["entities"] != nil {
            notes["entities"] = .array(entities.map { ["confidence": $0.beside["confidence"] ?? .null] })
        }
        return line.setting([
            attribute: .raw(label.setting(parts)[...]), "\(attribute)-metadata": .raw(metadata.setting(notes)[...]),
        ])
    }

    /// Lists of `consolidation` in our own functions' labels.
    private static let lists = ["confidence", "rules", "support"]

    private static func entities(_ found: [JSONValue], _ label: JSONValue, _ metadata: JSONValue) -> [Entity] {
        found.enumerated().map { index, value in
            var beside: [String: JSONOutput] = [:]
            for name in lists {
                guard let list = label["consolidation"]?[name]?.array, list.indices.contains(index) else { continue }
                beside[name] = .raw(list[index])
            }
            if let list = metadata["entities"]?.array, list.indices.contains(index), let confidence = list[index]["confidence"] {
                beside["confidence"] = .raw(confidence)
            }
            return Entity(
                start: value["startOffset"]?.int ?? 0, end: value["endOffset"]?.int ?? 0, label: value["label"]?.string ?? "",
                value: .raw(value), beside: beside)
        }
    }

    private func record(replacing replaced: [Entity]) -> JSONOutput {
        [
            "choice": choice.map(Self.document) ?? .null, "decision-date": .string(decided.answerDate),
            "endOffset": .int(place.upperBound), "replaced": .array(replaced.map(\.value)), "startOffset": .int(place.lowerBound),
        ]
    }

    static func document(_ span: UTF16Span) -> JSONOutput {
        ["endOffset": .int(span.end.rawValue), "label": .string(span.label.name), "startOffset": .int(span.start.rawValue)]
    }

    /// Reads what ``document(_:)`` wrote.
    package static func span(_ value: JSONValue) -> UTF16Span? {
        guard let start = value["startOffset"]?.int, let end = value["endOffset"]?.int, let label = value["label"]?.string else {
            return nil
        }
        return UTF16Span(start: UTF16Offset(start), end: UTF16Offset(end), label: Label(label))
    }
}

extension SpanDecision.Entity {
    init(chosen span: UTF16Span) {
        self.init(
            start: span.start.rawValue, end: span.end.rawValue, label: span.label.name, value: SpanDecision.document(span),
            beside: ["confidence": .decimal(1), "rules": "adjudicated", "support": []])
    }
}
