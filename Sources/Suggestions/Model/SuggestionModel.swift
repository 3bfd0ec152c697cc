package import Annotations

/// A trained model that proposes spans.
package struct SuggestionModel: Sendable {
    package let kind: SuggestionKind
    /// What the model is called in logs and files, such as the name of its folder.
    package let source: String
    /// All labels that it can propose, by their bytes.
    package let labels: [Label]
    /// `FORMAT-CHECKSUM`: of two models with one version every byte is the same.
    package let version: String

    let contents: Contents

    /// What a model file holds beside its frame.
    struct Contents: Sendable {
        var source: String
        var labels: [Label]
        var calibration: Calibration
        var trust: TrustCurve
        var body: Body

        enum Body: Sendable {
            case sentences(ChainModel)
            /// Spans less probable than the threshold are not proposed.
            case spans(layers: [SpanLayer], threshold: Double)
        }
    }

    init(contents: Contents, version: String) {
        (self.contents, self.version) = (contents, version)
        (source, labels) = (contents.source, contents.labels)
        switch contents.body {
        case .sentences: kind = .sentences
        case .spans: kind = .spans
        }
    }

    /// What the model proposes for a text.
    ///
    /// A model of sentences proposes one span for each of the first 2,000 sentences; a model of spans as many as it finds. Only the
    /// first 262,144 scalars of a text are looked at.
    ///
    /// - Parameter sentences: Where the sentences are, ascending, without overlap and inside the text; `nil`: found by
    ///   ``SentenceSplitter``. A model of spans does without.
    /// - Returns: By start, end and label. Spans of one layer (see ``labelLayers``) do not overlap.
    /// - Complexity: O(scalars); an abstract takes well below two milliseconds.
    package func suggest(_ text: DocumentText, sentences: [Range<ScalarOffset>]? = nil) -> [Suggestion] {
        propose(text, sentences: sentences).suggestions
    }

    /// The same with how certain the model is of the whole.
    package func propose(_ text: DocumentText, sentences: [Range<ScalarOffset>]? = nil) -> Proposal {
        let scalars = Scalars(text)
        switch contents.body {
        case .sentences(let chain):
            let sentences = self.sentences(of: scalars, given: sentences)
            guard !sentences.isEmpty else { return .nothing }
            let labels = SentenceLabeling.labels(of: sentences, in: scalars, by: chain)
            let isWhole = !scalars.isCut && sentences.count < SentenceLabeling.maximumSentences
            return Proposal(
                suggestions: zip(sentences, labels).compactMap { suggestion($0, label: $1.label, probability: $1.probability) },
                certainty: isWhole ? SentenceLabeling.certainty(of: labels.map(\.probability)) : 0)
        case .spans(let layers, let threshold):
            let tokens = SpanTokens(scalars)
            let readings = layers.map { $0.read(tokens, above: threshold) }
            var expectation = SpanExpectation()
            for reading in readings { expectation += reading.expectation }
            let suggestions = readings.flatMap(\.found).compactMap {
                suggestion($0.range, label: $0.label, probability: $0.probability)
            }
            return Proposal(
                suggestions: suggestions.sorted { $0.span < $1.span },
                certainty: scalars.isCut || tokens.tokens.isEmpty ? 0 : expectation.certainty)
        }
    }

    /// The sentences that are labelled: those given, else those found.
    func sentences(of scalars: Scalars, given: [Range<ScalarOffset>]?) -> [Range<Int>] {
        let given = given?.map { $0.lowerBound.rawValue..<$0.upperBound.rawValue }.filter { $0.upperBound <= scalars.count }
        return Array((given ?? SentenceSplitter.sentences(of: scalars)).prefix(SentenceLabeling.maximumSentences))
    }

    private func suggestion(_ range: Range<Int>, label: Int, probability: Double) -> Suggestion? {
        ScalarSpan(start: ScalarOffset(range.lowerBound), end: ScalarOffset(range.upperBound), label: labels[label]).map {
            Suggestion(span: $0, confidence: contents.calibration.confidence(probability))
        }
    }

    /// The labels whose spans never overlap one another, layer by layer; one layer for sentences.
    package var labelLayers: [[Label]] {
        switch contents.body {
        case .sentences: [labels]
        case .spans(let layers, _): layers.map { layer in layer.labels.map { labels[$0] } }
        }
    }
}
