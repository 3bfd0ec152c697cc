/// What a worker template will stumble over, and where.
package struct TemplateFinding: Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case syntax, argument, limit
        case unknownTag = "unknown-tag"
        case unknownFilter = "unknown-filter"
        /// More characters than Ground Truth takes.
        case tooLong = "too-long"
        case noSubmit = "no-submit"
        case noControl = "no-control"
        /// A script or style sheet over `http`, which a page over `https` does not load.
        case insecureSource = "insecure-source"
        /// `${name}`, which is not Liquid.
        case legacyVariable = "legacy-variable"
        case skipsEscape = "skips-escape"
        /// A URL whose `&` is escaped where nothing takes the escape back.
        case escapedURL = "escaped-url"
        case unknownElement = "unknown-element"
        case unsupportedElement = "unsupported-element"
        case nestedForm = "nested-form"
    }

    /// From 1.
    package let line: Int
    package let code: Code
    package let message: String
    package var description: String { "\(code.rawValue): \(message)" }
}

/// What ``TemplateLint`` finds in a template.
package struct TemplateReport: Sendable {
    /// By line.
    package var findings: [TemplateFinding] = []
    /// Hosts that scripts and style sheets are loaded from, sorted, once each.
    package var hosts: [String] = []
    /// What the controls in the template are called, in their order: the keys of an answer.
    package var controls: [String] = []
}
