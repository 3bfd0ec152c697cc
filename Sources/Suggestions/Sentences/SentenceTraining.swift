import Annotations
import Glibc

/// Trains a model of sentence roles.
struct SentenceTraining {
    private let labels: [Label]
    private let documents: [TrainingDocument]
    private var report = TrainingReport()

    init(_ documents: [TrainingDocument]) throws(SuggestionError) {
        self.documents = documents.filter(\.isTiled)
        report.documentsLeftOut = documents.count - self.documents.count
        labels = Set(self.documents.flatMap { $0.spans.map(\.label) }).sorted()
        guard labels.count > 1 else {
            throw SuggestionError(
                .noExamples,
                "\(self.documents.count) of \(documents.count) documents are divided into sentences, with \(labels.count) labels; "
                    + "a model of sentences needs two labels")
        }
        guard labels.count <= ChainModel.maximumLabels else {
            throw SuggestionError(.tooManyLabels, "\(labels.count) labels, at most \(ChainModel.maximumLabels) can be learnt")
        }
        try TrainingReport.checkDocuments(self.documents)
    }

    func train(source: String) throws(SuggestionError) -> (model: SuggestionModel, report: TrainingReport) {
        let training = ChainTraining(examples())
        let search = PenaltySearch(training)
        let (penalty, predictions) = search.best(
            predict: { model, rows in model.marginals(of: rows) },
            // The likelihood of the right labels varies less by chance than their number.
            score: { predictions in
                predictions.reduce(0) { sum, prediction in
                    zip(prediction.labels, prediction.value).reduce(sum) { $0 + log(max($1.1[$1.0], 1e-9)) }
                }
            })
        let fit = training.fit(penalty: penalty)
        var report = report
        report.documents = documents.count
        report.examples = documents.reduce(0) { $0 + $1.spans.count }
        report.penalty = penalty
        report.features = fit.model.index.count
        report.scores = labels.map { TrainingReport.LabelScore(label: $0) }
        report.isScoredOnPart = search.isOnPart
        var cases: [(probability: Double, isRight: Bool)] = []
        var trials: [TextTrial] = []
        var groups: Set<UInt64> = []
        for prediction in predictions {
            let proposals = prediction.value.map { SentenceLabeling.best(of: $0) }
            // Equal texts say the same twice.
            if groups.insert(prediction.group).inserted {
                let wrong = zip(prediction.labels, proposals).lazy.filter { $0 != $1.label }.count
                trials.append(
                    TextTrial(
                        certainty: SentenceLabeling.certainty(of: proposals.map(\.probability)),
                        errorShare: Double(wrong) / Double(proposals.count)))
            }
            for (label, proposal) in zip(prediction.labels, proposals) {
                report.scores[label].gold += 1
                report.scores[proposal.label].proposed += 1
                if label == proposal.label { report.scores[label].right += 1 }
                cases.append((proposal.probability, label == proposal.label))
            }
        }
        let contents = SuggestionModel.Contents(
            source: source, labels: labels, calibration: Calibration(cases), trust: report.judge(trials),
            body: .sentences(fit.model))
        return (try SuggestionModel(contents: contents), report)
    }

    private func examples() -> ChainExamples {
        let places = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var examples = ChainExamples(labelCount: labels.count)
        for document in documents {
            let spans = document.spans.sorted()
            let rows = SentenceFeatures.rows(
                of: Scalars(document.text), sentences: spans.map { $0.start.rawValue..<$0.end.rawValue })
            examples.append(rows: rows, labels: spans.map { places[$0.label] ?? 0 }, group: document.group)
        }
        return examples
    }
}
