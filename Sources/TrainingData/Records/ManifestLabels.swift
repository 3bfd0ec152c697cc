package import Annotations
package import GroundTruth

/// The label of an output manifest's line: built-in named entities, or what our post-annotation function answers (contracts section
/// 11).
package enum ManifestLabels {
    /// Whether an object was labeled.
    package enum State: Sendable {
        /// Spans, which still have to be brought to scalars with the text.
        case labeled(Labels)
        case unlabeled
        case failed(reason: String)
    }

    package struct Labels: Sendable {
        fileprivate let entities: [JSONValue]
        fileprivate let confidences: [Double?]
        fileprivate let unit: String
    }

    /// The label attributes of a line: keys whose `-metadata` companion names a Ground Truth type, or whose value holds
    /// annotations.
    ///
    /// - Returns: Names in the order of the line.
    package static func attributes(of line: ManifestLine) -> [String] {
        line.members.map(\.key).filter { key in
            guard !key.hasSuffix("-metadata"), let value = line[key] else { return false }
            let type = line["\(key)-metadata"]?["type"]?.string?.lowercased()
            return type?.hasPrefix("groundtruth/") == true || value["annotationsFromAllWorkers"] != nil
                || value["annotations"]?["entities"] != nil
        }
    }

    /// - Throws: ``RecordError`` when the attribute holds no consolidated named entities.
    package static func state(of line: ManifestLine, attribute: String) throws(RecordError) -> State {
        guard let value = line.value.present(attribute) else {
            let reason = line["\(attribute)-metadata"]?["failure-reason"]?.string
            return reason.map { .failed(reason: $0) } ?? .unlabeled
        }
        if let reason = value["consolidation"]?["failure-reason"]?.string { return .failed(reason: reason) }
        guard let entities = value["annotations"]?["entities"]?.array else {
            let hint = value["annotationsFromAllWorkers"] == nil ? "" : "; it holds workers' answers only, consolidate them first"
            throw RecordError("no-entities", "`\(attribute)` has no `annotations.entities`\(hint)")
        }
        let scores = value["consolidation"]?["confidence"]?.array?.map(\.double)
        let metadataScores = line["\(attribute)-metadata"]?["entities"]?.array?.map { $0["confidence"]?.double }
        let confidences = scores ?? metadataScores ?? []
        return .labeled(
            Labels(
                entities: entities,
                confidences: confidences.count == entities.count ? confidences : Array(repeating: nil, count: entities.count),
                unit: value["consolidation"]?["offset-unit"]?.string ?? UTF16Offset.unit))
    }

    /// Spans in scalars of the text.
    ///
    /// - Throws: ``RecordError`` for a span that does not fit the text, or an unknown unit.
    package static func spans(_ labels: Labels, text: DocumentText) throws(RecordError) -> [ScoredSpan] {
        let tokens = labels.unit == TokenIndex.unit ? SeedTokenization(text) : nil
        var spans: [ScoredSpan] = []
        for (entity, confidence) in zip(labels.entities, labels.confidences) {
            guard let start = entity["startOffset"]?.int, let end = entity["endOffset"]?.int,
                let label = entity["label"]?.string.map({ Label($0) })
            else {
                throw RecordError(
                    "bad-span", "\(entity.excerpt) is no entity: expected whole `startOffset` and `endOffset`, and a `label`")
            }
            do {
                let span: ScalarSpan?
                switch labels.unit {
                case UTF16Offset.unit:
                    span = try UTF16Span(start: UTF16Offset(start), end: UTF16Offset(end), label: label).map {
                        span throws(TextError) in
                        try text.scalar(span)
                    }
                case TokenIndex.unit:
                    span = try TokenSpan(start: TokenIndex(start), end: TokenIndex(end), label: label).flatMap {
                        span throws(TextError) in
                        try tokens?.scalar(span, surface: nil)
                    }
                default: throw RecordError("unknown-unit", "`offset-unit` is `\(labels.unit)`, expected `utf-16` or `token`")
                }
                guard let span else { throw RecordError("bad-span", "\(start)..<\(end) (\(label)) is no span") }
                spans.append(ScoredSpan(span: span, confidence: confidence))
            } catch let error as RecordError {
                throw error
            } catch {
                throw RecordError("bad-span", "\(error)")
            }
        }
        return spans
    }
}
