import ArgumentParser
import GroundTruth
import Consolidation
import Pipeline
import Storage

struct AgreementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Says how far workers agree, with 95 % intervals.",
        discussion: """
            Over all workers, by label and by pair: F1 of one's spans against another's (same edges and label; overlapping; labels only), Cohen's \
            and Fleiss' kappa over words, Krippendorff's alpha for unitizing, and gamma. Nothing depends on the order of lines and workers.
            """)

    @Option(help: ArgumentHelp("Span JSON Lines with workers' answers in `annotations`.", valueName: "file")) var spans: String
    @Flag(help: "One JSON document in place of tables.") var json = false
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        let agreement = try await SpanAgreement(store: store, spans: ObjectURI(typed: spans))
        try Terminal.write(json ? agreement.report.json.bytes + [0x0A] : Array(agreement.report.text.utf8))
        for failure in agreement.failures { Terminal.say("prelabel: \(spans):\(failure.line): \(failure.reason)") }
        if !agreement.failures.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
