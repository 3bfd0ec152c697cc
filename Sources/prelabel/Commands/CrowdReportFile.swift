import Consolidation
import GroundTruth
import Pipeline
import Storage

/// A report on workers and disputes, in the form that its name ends in.
struct CrowdReportFile {
    private enum Form: String {
        case html, json, txt
    }

    private let name: String
    private let form: Form

    /// `nil` for a name with another ending.
    init?(_ name: String) {
        guard let form = Form(rawValue: String(name.split(separator: ".").last ?? "")) else { return nil }
        (self.name, self.form) = (name, form)
    }

    func write(_ outcome: CrowdOutcome, method: ConsolidationMethod, store: any ObjectStore) async throws {
        try await store.put(try await bytes(outcome, method: method, store: store), to: ObjectURI(typed: name))
    }

    private func bytes(_ outcome: CrowdOutcome, method: ConsolidationMethod, store: any ObjectStore) async throws -> [UInt8] {
        switch form {
        case .html:
            let template = try await ReportTemplate("crowd.html", fixtures: Settings.fixtures(), store: store)
            return template.page(try await CrowdReportPage(outcome, method: method, store: store).data())
        case .json:
            let disputes = AdjudicationList(outcome.results).json
            return JSONOutput.object(["disputes": disputes, "workers": WorkerReport(outcome.documents).json]).bytes + [0x0A]
        case .txt:
            return Array((WorkerReport(outcome.documents).text + "\n" + AdjudicationList(outcome.results).text).utf8)
        }
    }
}
