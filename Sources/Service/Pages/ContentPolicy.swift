import HTTPTypes

/// Content security policies of the service's own pages and of the templates in them.
package enum ContentPolicy {
    /// A page of the service: its own scripts and styles, nothing of others, framed by nobody.
    static let page = own(frames: "'none'", images: "'self'", ancestors: "'none'")

    /// A page of the service around a template's frame. The frame cannot be led anywhere else.
    static let pageAroundTemplate = own(frames: "'self'", images: "'self'", ancestors: "'none'")

    /// The annotator. Its images come from the service, and from where presigned URLs lead.
    static func annotator(imageSources: [String]) -> String {
        own(frames: "'none'", images: (["'self'", "blob:", "data:"] + imageSources).joined(separator: " "), ancestors: "'self'")
    }

    private static func own(frames: String, images: String, ancestors: String) -> String {
        """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); connect-src 'self'; frame-src \(frames); \
        frame-ancestors \(ancestors); base-uri 'none'; form-action 'none'
        """
    }

    /// A template's own document: an origin that is nobody's, even when it is opened by its address. Its owner's scripts run there, and load
    /// what they want over https, as on AWS, or from the given hosts only.
    ///
    /// - Parameters:
    ///   - hosts: Where scripts, styles, fonts, images and data may come from beside this service; `nil`: from anywhere over https.
    ///   - origins: Where granted objects lie.
    static func template(hosts: [String]?, origins: [String]) -> String {
        let sources = (["'self'"] + (hosts?.map { "https://\($0)" } ?? ["https:"]) + origins).joined(separator: " ")
        return """
            sandbox \(sandbox); default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' \(sources); style-src 'unsafe-inline' \(sources); \
            img-src data: blob: \(sources); media-src data: blob: \(sources); font-src data: \(sources); connect-src \(sources); \
            worker-src blob:; frame-src \(sources); frame-ancestors 'self'; base-uri 'none'; form-action 'none'
            """
    }

    /// What a template may do, for the header and for the frame's `sandbox` alike: no origin, no windows, no way to the page around it.
    package static let sandbox = "allow-scripts allow-forms allow-modals"

    /// What a template's frame shows when there is nothing else to show.
    static let fault = "default-src 'none'; style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

    /// Bytes of others that are shown or loaded, never run as a page of the service.
    static let object = "default-src 'none'; sandbox; frame-ancestors 'self'"
}
