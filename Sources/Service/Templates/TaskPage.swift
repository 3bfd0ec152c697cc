package import GroundTruth
package import Liquid
import Synchronization

/// A task with a job's own template, as two documents: the template's, whose scripts run in an origin that is nobody's, and the service's
/// page around it, which takes the answer from the frame and sends it.
///
/// The two talk as `Assets/README.md` says: the frame has no address to submit to, no cookies and no way to the page around it.
package struct TaskPage: Sendable {
    package let template: WorkerTemplate
    /// `task.input`.
    package let input: JSONValue
    /// Where the page around the frame sends `{"answer":…}` to; of this service.
    package let submitURL: String
    /// What the page is called.
    package let title: String

    package init(template: WorkerTemplate, input: JSONValue, submitURL: String, title: String = "Task") {
        (self.template, self.input, self.submitURL, self.title) = (template, input, submitURL, title)
    }

    /// The template's document.
    ///
    /// - Parameters:
    ///   - grantReadAccess: See ``ReadLinks/grants()``.
    ///   - now: Seconds since 1970-01-01 00:00 UTC, for `'now' | date: …`.
    /// - Throws: ``LiquidError``.
    package func frame(
        grantReadAccess: @escaping @Sendable (_ uri: String) throws -> String, now: @escaping @Sendable () -> Int
    ) throws(LiquidError) -> HTMLPage {
        let origins = Origins()
        let surroundings = Surroundings(
            grantReadAccess: { uri in
                let url = try grantReadAccess(uri)
                origins.note(url)
                return url
            }, now: now)
        let html = try template.document(input, in: surroundings)
        return HTMLPage(html: html, policy: ContentPolicy.template(hosts: template.hosts, origins: origins.all))
    }

    /// The page around it.
    ///
    /// - Parameters:
    ///   - frameURL: Where the template's document is, of this service.
    ///   - header: HTML above the frame.
    package func page(frameURL: String, header: String = "") -> HTMLPage {
        page(frameURL: frameURL, script: "task", header: header)
    }

    /// - Parameters:
    ///   - script: The asset that takes the answer, of those in `task/`.
    ///   - header: HTML above the frame.
    ///   - footer: HTML below it.
    func page(frameURL: String, script: String, header: String, footer: String = "") -> HTMLPage {
        let frame = """
            <iframe title="Task" data-src="\(HTMLText.escaped(frameURL))" sandbox="\(ContentPolicy.sandbox)" \
            data-submit="\(HTMLText.escaped(submitURL))"></iframe>
            """
        return HTMLPage(
            title: title,
            head: """
                \(HTMLPage.style)
                <script type="module" src="\(PageRoutes.assetPath)task/\(script).js"></script>
                """,
            body: [header, #"<p id="state" role="status"></p>"#, frame, footer].filter { !$0.isEmpty }.joined(separator: "\n"),
            policy: ContentPolicy.pageAroundTemplate)
    }
}

/// Where the granted objects of one page lie, as a content security policy names it: `scheme://host:port`.
private final class Origins: Sendable {
    private let storage = Mutex<[String]>([])

    /// In the order of their first URLs.
    var all: [String] { storage.withLock { $0 } }

    /// - Parameter url: One of this service has no host and needs no mention.
    func note(_ url: String) {
        guard let slashes = url.firstRange(of: "://") else { return }
        let host = url[slashes.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // Whatever means something else in a policy is in no host's name.
        guard host.wholeMatch(of: #/[A-Za-z0-9.\-_\[\]:]+/#) != nil else { return }
        let origin = url[..<slashes.upperBound] + host
        storage.withLock { if !$0.contains(String(origin)) { $0.append(String(origin)) } }
    }
}
