package import GroundTruth
import HTTPTypes
package import Hummingbird
import Liquid
package import Logging
import NIOCore

/// A template with the lines of a manifest, before there is any job: what a worker would see and submit.
///
/// `GET /lines/N` is the page of a line, `/lines/N/frame` the template's document in it, and `POST /lines/N/answer` takes its answer.
package struct TemplatePreview: Sendable {
    /// What stands behind one line.
    package struct TaskInput: Sendable {
        /// `task.input`.
        package let value: JSONValue
        /// What people should know of it, such as that no worker would get it.
        package let note: String?
        package init(_ value: JSONValue, note: String? = nil) { (self.value, self.note) = (value, note) }
    }

    /// The template as it is at the moment, so that edits show when the page is loaded again.
    private let template: @Sendable () async throws -> (name: String, text: String)
    /// The input of line N, from 1.
    private let input: @Sendable (_ line: Int) async throws -> TaskInput
    private let firstLine: Int
    private let lineCount: Int
    private let hosts: [String]?
    private let pages: PageRoutes
    private let links: ReadLinks
    private let now: @Sendable () -> Int
    private let onAnswer: @Sendable (_ line: Int, _ answer: JSONValue) async throws -> Void

    /// - Parameters:
    ///   - firstLine: The line that `/` leads to.
    ///   - hosts: See ``WorkerTemplate``.
    ///   - links: What `grant_read_access` gives; `pages` serves them.
    ///   - onAnswer: Hears of each answer that is submitted.
    package init(
        template: @escaping @Sendable () async throws -> (name: String, text: String),
        input: @escaping @Sendable (_ line: Int) async throws -> TaskInput, firstLine: Int, lineCount: Int, hosts: [String]? = nil,
        pages: PageRoutes, links: ReadLinks, now: @escaping @Sendable () -> Int,
        onAnswer: @escaping @Sendable (_ line: Int, _ answer: JSONValue) async throws -> Void
    ) {
        (self.template, self.input, self.firstLine, self.lineCount) = (template, input, firstLine, lineCount)
        (self.hosts, self.pages, self.links, self.now, self.onAnswer) = (hosts, pages, links, now, onAnswer)
    }

    /// Serves until SIGTERM or SIGINT; see ``HTTPService``.
    package func run(
        host: String, port: Int, logger: Logger, listening: @escaping @Sendable (_ url: String) async -> Void
    ) async throws {
        try await serve(router(), host: host, port: port, logger: logger, listening: listening)
    }

    package func router() -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self)
        router.add(middleware: RequestIDs())
        router.add(middleware: ProblemResponses())
        router.add(middleware: LocalNames())
        pages.add(to: router)
        router.get("/") { _, _ in Response.redirect(to: "/lines/\(firstLine)", type: .temporary) }
        router.get("/lines/:line") { _, context in await page(try line(context)).response }
        router.get("/lines/:line/frame") { _, context in await frame(try line(context)).response }
        router.post("/lines/:line/answer") { request, context in
            try await onAnswer(line(context), request.answer())
            return Response(status: .noContent)
        }
        return router
    }

    private func line(_ context: ServiceContext) throws -> Int {
        guard let line = context.parameters.get("line", as: Int.self), (1...lineCount).contains(line) else {
            throw Problem(status: .notFound, code: "not-found", detail: "the manifest has the lines 1 to \(lineCount)")
        }
        return line
    }

    // MARK: Pages

    private func task(_ line: Int, _ input: JSONValue, _ template: WorkerTemplate) -> TaskPage {
        TaskPage(template: template, input: input, submitURL: "/lines/\(line)/answer", title: "\(template.template.name): preview")
    }

    /// The template's document, or a page that says why there is none.
    private func frame(_ line: Int) async -> HTMLPage {
        do {
            let (name, text) = try await template()
            let task = task(line, try await input(line).value, try WorkerTemplate(text, name: name, hosts: hosts))
            return try task.frame(grantReadAccess: try await links.grants(), now: now)
        } catch {
            return HTMLPage.fault("\(error)", policy: ContentPolicy.fault)
        }
    }

    /// The page around it: where in the manifest it is, what `template lint` finds, and the answer once there is one.
    private func page(_ line: Int) async -> HTMLPage {
        do {
            let (name, text) = try await template()
            let task = task(
                line, try await input(line).value, try parsed(text, name))
            let header = try await header(line, name: name, text: text)
            let answer =
                #"<section id="answer" aria-live="polite" hidden><h2>The answer</h2><pre id="answer-text" tabindex="0"></pre></section>"#
            return task.page(frameURL: "/lines/\(line)/frame", script: "preview", header: header, footer: answer)
        } catch {
            return HTMLPage.fault("\(error)", policy: ContentPolicy.page)
        }
    }

    /// A template that cannot be parsed is empty here: the frame says what is wrong with it.
    private func parsed(_ text: String, _ name: String) throws -> WorkerTemplate {
        if let template = try? WorkerTemplate(text, name: name) { return template }
        return try WorkerTemplate("", name: name)
    }

    private func header(_ line: Int, name: String, text: String) async throws -> String {
        let findings = TemplateLint.report(on: text).findings.map { "line \($0.line): \($0)" }
        let notes = findings + [try await input(line).note].compactMap(\.self)
        let list = notes.isEmpty ? "" : "<ul>\(notes.map { "<li>\(HTMLText.escaped($0))</li>" }.joined())</ul>"
        func link(_ words: String, _ target: Int) -> String {
            (1...lineCount).contains(target) ? #"<a href="/lines/\#(target)">\#(words)</a> "# : ""
        }
        return """
            <header class="preview-bar"><h1>\(HTMLText.escaped(name))</h1><p>Preview with line \(line) of \(lineCount)</p>
            <nav aria-label="Lines">\(link("Line before", line - 1))\(link("Next line", line + 1))<a href="/lines/\(line)">Load again</a></nav>
            \(list)</header>
            """
    }
}
