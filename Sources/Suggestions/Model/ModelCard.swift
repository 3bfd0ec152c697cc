package import Annotations

/// The card of a model: what it was trained on, how well it does, and what it can never propose. Markdown.
package struct ModelCard: Sendable {
    /// The roles of an abstract's sentences as they are usually asked for.
    package static let roles: [Label] = ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"]

    let model: SuggestionModel
    let report: TrainingReport
    let data: String
    let command: String

    /// - Parameters:
    ///   - data: What the training data are called.
    ///   - command: The command line that makes this model again.
    package init(model: SuggestionModel, report: TrainingReport, data: String, command: String) {
        (self.model, self.report, self.data, self.command) = (model, report, data, command)
    }

    package var text: String {
        """
        # \(model.source)
        Proposes \(model.kind == .sentences ? "a label for each sentence of a text" : "spans") with `prelabel suggest --model DIR`. \
        Version `\(model.version)`, \(model.bytes.count) bytes, \(report.features) features, penalty \(report.penalty)\(threshold).

        **Data**: \(data): \(report.documents) documents, \(report.examples) \(model.kind.rawValue)\(leftOut). Their licence and date are \
        not known to the program that wrote this card: add them here before passing the model on.

        **Command**: `\(command)`. The same data give the same bytes.

        **Scores** by cross-validation in the training data (\(PenaltySearch.foldCount) parts of whole documents): \
        \(model.kind == .sentences ? "accuracy" : "strict F1") \(Self.percent(report.score))\(part).

        | label | precision | recall | F1 | \(model.kind.rawValue) |
        |---|---|---|---|---|
        \(rows)

        \(trust)

        \(limits)

        """
    }

    private var threshold: String { model.kind == .spans ? ", threshold \(report.threshold)" : "" }

    private var part: String { report.isScoredOnPart ? ", measured on a part of the data, as all were too many" : "" }

    /// What `--error-budget` would do to texts like the training data.
    private var trust: String {
        let offers = zip(TrainingReport.budgets, report.trustedShares).filter { $1 > 0 }
        guard !offers.isEmpty else {
            return
                "**Without workers** (`--suggestion-error-budget`): no error budget of \(Self.percent(TrainingReport.budgets.last ?? 0)) % or less leaves any "
                + "text to this model."
        }
        let parts = offers.map { "at most \(Self.percent($0)) % wrong: \(Self.percent($1)) % of the texts" }
        return "**Without workers** (`--suggestion-error-budget`): \(parts.joined(separator: "; "))."
    }

    private var leftOut: String {
        var parts: [String] = []
        if report.documentsLeftOut > 0 { parts.append("\(report.documentsLeftOut) documents that are not divided into sentences") }
        if report.spansLeftOut > 0 { parts.append("\(report.spansLeftOut) spans that overlap a longer one or cross sentences") }
        return parts.isEmpty ? "" : " (left out: \(parts.joined(separator: "; ")))"
    }

    private var rows: String {
        report.scores.map { score in
            let cells = [score.precision, score.recall, score.f1].map(Self.percent)
            return "| \(Self.cell(score.label.name)) | \(cells.joined(separator: " | ")) | \(score.gold) |"
        }.joined(separator: "\n")
    }

    private var limits: String {
        guard model.kind == .sentences else {
            let layers = model.labelLayers.map { $0.map { Self.cell($0.name) }.joined(separator: ", ") }
            return "**Overlaps**: proposed spans overlap only across these groups of labels: \(layers.joined(separator: " / "))."
        }
        let never = model.mapping(to: Self.roles).neverProposed.map(\.name)
        let roles = Self.roles.map(\.name).joined(separator: ", ")
        return "**Never proposed** of \(roles): \(never.isEmpty ? "none" : never.joined(separator: ", "))."
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int((share * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A label cannot break out of its cell.
    private static func cell(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { $0 == "|" || $0.value < 0x20 ? " " : $0 }))
    }
}
