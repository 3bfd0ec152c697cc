package import Consolidation
package import Storage

/// How far the workers of span JSON Lines agree.
package struct SpanAgreement: Sendable {
    package let report: AgreementReport
    /// Lines that are no records, with the reason; the others count.
    package let failures: [(line: Int, reason: String)]

    package init(store: any ObjectStore, spans: ObjectURI) async throws {
        let input = try await SpanDocuments(store: store, spans: spans)
        report = AgreementReport(input.documents)
        failures = input.lines.compactMap { line in
            guard case .failure(let number, let reason) = line else { return nil }
            return (number, reason)
        }
    }
}
