import Consolidation
import Functions
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

    /// - Parameter blindShare: See `CrowdOutcome.suggestionReport(blindShare:)`.
    func write(
        _ outcome: CrowdOutcome, method: ConsolidationMethod, blindShare: BlindShare?, store: any ObjectStore
    ) async throws {
        let bytes = try await bytes(outcome, method: method, blindShare: blindShare, store: store)
        try await store.put(bytes, to: ObjectURI(typed: name))
    }

    private func bytes(
        _ outcome: CrowdOutcome, method: ConsolidationMethod, blindShare: BlindShare?, store: any ObjectStore
    ) async throws -> [UInt8] {
        switch form {
        case .html:
            let template = try await ReportTemplate("crowd.html", fixtures: Settings.fixtures(), store: store)
            return template.page(try await CrowdReportPage(outcome, method: method, blindShare: blindShare, store: store).data())
        case .json:
            var report: [String: JSONOutput] = [
                "disputes": AdjudicationList(outcome.results).json, "workers": WorkerReport(outcome.documents).json,
            ]
            report["suggestions"] = try outcome.suggestionReport(blindShare: blindShare)?.json
            return JSONOutput.object(report).bytes + [0x0A]
        case .txt:
            let parts = [
                WorkerReport(outcome.documents).text, try outcome.suggestionReport(blindShare: blindShare)?.text,
                AdjudicationList(outcome.results).text,
            ]
            return Array(parts.compactMap(\.self).joined(separator: "\n").utf8)
        }
    }
}
