/// Which Liquid a template is written in.
package enum Dialect: Hashable, Sendable {
    /// Standard Liquid: output as it is, no filters but the standard ones.
    case standard
    /// Ground Truth's worker templates: output is escaped for HTML, objects print as JSON, and `grant_read_access`, `to_json` and
    /// `skip_autoescape` exist (contracts section 6).
    case groundTruth

    var textStyle: TextStyle { self == .standard ? .ruby : .json }
}
