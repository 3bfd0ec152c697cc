/// A parsed template: parse once, render for every task.
///
/// Parsing is strict: what is not Liquid, an unknown tag or filter, or a filter with too few or many arguments is an error with its place.
/// Rendering is lax about data and strict about use: a variable that is not there is nothing, but what a filter cannot do is an error,
/// and an error ends the rendering without a result. See <doc:Liquid>.
package struct Template: Sendable {
    package let name: String
    package let dialect: Dialect
    package let limits: Limits
    let source: TemplateSource
    let nodes: [Node]

    /// - Parameters:
    ///   - text: The template's source.
    ///   - name: What the template is called in errors.
    /// - Throws: ``LiquidError`` at the first fault.
    package init(
        _ text: String, name: String = "template", dialect: Dialect = .groundTruth, limits: Limits = Limits()
    ) throws(LiquidError) {
        source = TemplateSource(name: name, bytes: Array(text.utf8))
        (self.name, self.dialect, self.limits) = (name, dialect, limits)
        var parser = try TemplateParser(source, rules: ParsingRules(dialect: dialect, limits: limits))
        nodes = try parser.parse()
    }

    /// Renders the template to UTF-8 bytes.
    ///
    /// - Parameters:
    ///   - data: The variables at the root, such as `task`.
    ///   - surroundings: What a template reaches outside of its data.
    /// - Returns: The whole text; same template, data and surroundings give the same bytes.
    /// - Throws: ``LiquidError``; there is no partial result.
    package func render(_ data: LiquidObject, in surroundings: Surroundings = Surroundings()) throws(LiquidError) -> [UInt8] {
        var renderer = Renderer(template: self, data: data, surroundings: surroundings)
        return try renderer.run()
    }
}

/// What a template reaches outside of its data: nothing, unless the caller gives it.
package struct Surroundings: Sendable {
    /// Source of the partial with this name, `nil` when there is none. The caller decides what a name may reach.
    package var partial: @Sendable (_ name: String) throws -> String?
    /// A URL a browser can fetch for an object's URI; without it `grant_read_access` is an error.
    package var grantReadAccess: (@Sendable (_ uri: String) throws -> String)?
    /// Seconds since 1970-01-01 00:00 UTC, for `'now' | date: …`; templates see no other clock.
    package var now: @Sendable () -> Int

    package init(
        partial: @escaping @Sendable (_ name: String) throws -> String? = { _ in nil },
        grantReadAccess: (@Sendable (_ uri: String) throws -> String)? = nil,
        now: @escaping @Sendable () -> Int = { 0 }
    ) {
        self.partial = partial
        self.grantReadAccess = grantReadAccess
        self.now = now
    }
}
