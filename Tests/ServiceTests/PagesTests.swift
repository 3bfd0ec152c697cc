import FoundationEssentials
import GroundTruth
import HTTPTypes
import Hummingbird
import Liquid
import Storage
import SystemPackage
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(1)))
struct PagesTests {
    // MARK: Templates

    private static let input = #"{"text":"https://assets.crowd.aws/crowd-html-elements.js <b>","image":"s3://papers/a b.jpg"}"#

    private func page(_ template: String, hosts: [String]? = nil) throws -> TaskPage {
        TaskPage(
            template: try WorkerTemplate(template, name: "t", hosts: hosts), input: try JSONScanner.parse(Array(Self.input.utf8)),
            submitURL: "/answers?a=1&b=\"2\"", title: "<Task>")
    }

    private func frame(_ page: TaskPage) throws -> (html: String, policy: String) {
        let page = try page.frame(grantReadAccess: { uri in "https://bucket.example:8443/\(uri.dropFirst(5))?a=1&b=2" }, now: { 0 })
        return (String(decoding: page.html, as: UTF8.self), page.policy)
    }

    @Test(arguments: [
        "\"https://assets.crowd.aws", "https://assets.crowd.aws", "'//assets.crowd.aws", "\"//assets.crowd.aws",
        "'http://assets.crowd.aws",
    ])
    func theCrowdScriptIsOursInTheTemplateAndStaysInTheData(start: String) throws {
        let (html, _) = try frame(page("<script src=\(start)/crowd-html-elements.js></script>{{ task.input.text }}"))
        let quote = start.prefix { "\"'".contains($0) }
        #expect(
            html.hasSuffix(
                "<script src=\(quote)/assets/crowd/crowd-html-elements.js></script>https://assets.crowd.aws/crowd-html-elements.js &lt;b&gt;"
            ))
    }

    @Test(arguments: [
        ("<p>x", "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"), ("\n <!DOCTYPE html><p>x", "\n <!DOCTYPE html>"),
        ("<HTML><p>x", "<!doctype html>\n<HTML>"), ("", "<!doctype html>"),
    ])
    func aPartOfAPageBecomesAWholeOne(template: String, start: String) throws {
        let html = try frame(page(template)).html
        #expect(html.hasPrefix(start))
        #expect(html.lowercased().ranges(of: "<!doctype").count == 1)
    }

    @Test func theFramesPolicyNamesWhereGrantedObjectsLie() throws {
        let template = "{{ task.input.image | grant_read_access }}"
        let open = try frame(page(template)).policy
        #expect(open.hasPrefix("sandbox allow-scripts allow-forms allow-modals; default-src 'none'; "))
        #expect(open.contains("img-src data: blob: 'self' https: https://bucket.example:8443;"))
        #expect(!open.contains("allow-same-origin"))
        let narrow = try frame(page(template, hosts: ["cdn.example"])).policy
        #expect(narrow.contains("script-src 'unsafe-inline' 'unsafe-eval' 'self' https://cdn.example https://bucket.example:8443;"))
        #expect(try !frame(page("x")).policy.contains("bucket.example"))
    }

    @Test func aGrantedURLCannotAddToThePolicy() throws {
        let page = try page("{{ task.input.image | grant_read_access }}")
        let policy = try page.frame(grantReadAccess: { _ in "https://a;script-src *" }, now: { 0 }).policy
        #expect(!policy.contains("script-src *"))
    }

    @Test func thePageAroundTheFrameEscapesWhatItIsGiven() throws {
        let page = try page("x").page(frameURL: "/frame?a=1&b=\"", header: "<h1>Task 1</h1>")
        let html = String(decoding: page.html, as: UTF8.self)
        #expect(html.contains("<h1>Task 1</h1>\n<p id=\"state\""))
        #expect(html.contains("<title>&lt;Task&gt;</title>"))
        #expect(html.contains(#"data-src="/frame?a=1&amp;b=&quot;" sandbox="allow-scripts allow-forms allow-modals""#))
        #expect(html.contains(#"data-submit="/answers?a=1&amp;b=&quot;2&quot;""#))
        #expect(page.policy.contains("script-src 'self';") && page.policy.contains("frame-src 'self';"))
        let headers = page.response.headers
        #expect(headers[.contentSecurityPolicy] == page.policy)
        #expect(headers[.contentType] == "text/html; charset=utf-8")
        #expect(headers[.cacheControl] == "no-store")
    }

    // MARK: Links

    private static let secret = [UInt8](repeating: 7, count: 32)

    private func links(at seconds: Int, secret: [UInt8] = secret) throws -> ReadLinks {
        ReadLinks(
            store: try FolderStore(data: FilePath(FileManager.default.temporaryDirectory.path)), secret: secret,
            lifetimeSeconds: 600,
            now: { seconds })
    }

    /// What a link's query says.
    private func object(_ links: ReadLinks, _ url: String) throws -> ObjectURI {
        let parts = url.split(separator: "?")
        let query = Dictionary(
            uniqueKeysWithValues: parts[1].split(separator: "&").map {
                (String($0.prefix { $0 != "=" }), String($0.drop { $0 != "=" }.dropFirst()))
            })
        return try links.object(
            named: String(parts[0].dropFirst("/objects/".count)), expires: query["expires"], signature: query["signature"])
    }

    @Test func aLinkOpensItsObjectUntilItExpires() async throws {
        let url = try await links(at: 1_000).grants()("s3://papers/p1.jpg")
        #expect(url.hasPrefix("/objects/papers/p1.jpg?expires=1600&signature="))
        #expect(try object(links(at: 1_000), url) == .s3(bucket: "papers", key: "p1.jpg"))
        #expect(try object(links(at: 1_599), url) == .s3(bucket: "papers", key: "p1.jpg"))
        let expired = #expect(throws: Problem.self) { try object(links(at: 1_600), url) }
        #expect(expired?.code == "expired-link")
    }

    @Test(arguments: [
        ("p1.jpg", "p2.jpg"), ("expires=1600", "expires=9999"), ("papers/p1", "paper/sp1"), ("signature=", "signature=00"),
        ("signature=", "signature=x"), ("expires=1600", "expires=1600x"), ("expires=1600", "expires=-1"),
    ])
    func aChangedLinkOpensNothing(part: String, change: String) async throws {
        let url = try await links(at: 1_000).grants()("s3://papers/p1.jpg")
        let forged = try #require(url == url.replacing(part, with: change) ? nil : url.replacing(part, with: change))
        let error = #expect(throws: Problem.self) { try object(links(at: 1_000), forged) }
        #expect(error?.code == "bad-link")
        #expect(throws: Problem.self) { try object(links(at: 1_000, secret: [UInt8](repeating: 8, count: 32)), url) }
    }

    @Test(arguments: [
        ("s3://papers/a b/ü&?#.jpg", "/objects/papers/a%20b/%C3%BC%26%3F%23.jpg?"),
        ("https://papers.s3.amazonaws.com/a%20b.jpg", "/objects/papers/a%20b.jpg?"),
        ("https://my.papers.s3.eu-west-1.amazonaws.com/k?versionId=1", "/objects/my.papers/k?"),
        ("https://s3.eu-west-1.amazonaws.com/papers/k", "/objects/papers/k?"),
        ("https://s3-eu-west-1.amazonaws.com/papers/k", "/objects/papers/k?"),
        ("https://papers.example/k.jpg", "https://papers.example/k.jpg"),
        ("https://s3.evil.example/papers/k", "https://s3.evil.example/papers/k"),
    ])
    func whatIsGranted(uri: String, start: String) async throws {
        #expect(try await links(at: 0).grants()(uri).hasPrefix(start))
    }

    @Test(arguments: ["file:///etc/passwd", "/etc/passwd", "http://papers.example/k", "javascript:alert(1)", "s3://P/k"])
    func nothingElseIsGranted(uri: String) async throws {
        let grant = try await links(at: 0).grants()
        #expect(throws: StorageError.self) { try grant(uri) }
    }

    @Test func inS3LinksArePresigned() async throws {
        let store = try S3Store(environment: [
            "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
            "PRELABEL_BUCKETS": "papers",
        ])
        let grant = try await ReadLinks(store: store, secret: Self.secret, lifetimeSeconds: 600).grants()
        let url = try grant("s3://papers/a b.jpg")
        #expect(url.hasPrefix("https://papers.s3.eu-west-1.amazonaws.com/a%20b.jpg?X-Amz-"))
        #expect(url.contains("X-Amz-Expires=600"))
        #expect(throws: StorageError.self) { try grant("s3://other/k") }
    }

    // MARK: Routes

    @Test func pagesNeedNoKeyAndAllElseDoes() async throws {
        let key = "a-key-of-some-length"
        let assets = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-assets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: assets.appending("crowd").string, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: assets.string) }
        for (name, text) in [("crowd/crowd-html-elements.js", "1"), ("README.md", "2"), (".hidden.js", "3")] {
            #expect(FileManager.default.createFile(atPath: assets.appending(name).string, contents: Data(text.utf8)))
        }
        let folder = try AssetFolder(assets)
        let harness = try Harness(
            apiKeys: [key],
            pages: { PageRoutes(assets: folder, links: ReadLinks(store: $0, secret: Self.secret, lifetimeSeconds: 600)) })
        try await harness.store.put(Array("%PDF".utf8), to: .s3(bucket: "papers", key: "p.pdf"))
        let url = try await ReadLinks(store: harness.store, secret: Self.secret, lifetimeSeconds: 600).grants()("s3://papers/p.pdf")
        let object = try await harness.send(.get, url)
        #expect(object.status == 200)
        #expect(object.text == "%PDF")
        #expect(object.headers[.contentType] == "application/pdf")
        #expect(object.headers[.contentSecurityPolicy]?.contains("sandbox") == true)
        #expect(try await harness.send(.get, "/assets/crowd/crowd-html-elements.js").text == "1")
        for hidden in ["README.md", ".hidden.js", "../crowd/crowd-html-elements.js"] {
            #expect(try await harness.send(.get, "/assets/\(hidden)").status == 404)
        }
        #expect(try await harness.send(.get, "/objects/papers/p.pdf").status == 403)
        #expect(try await harness.post("/pre-annotation", "{}").status == 401)
        #expect(try await harness.store.delete(.s3(bucket: "papers", key: "p.pdf")))
        #expect(try await harness.send(.get, url).status == 404)
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8080", true), ("127.0.0.1:80", true), ("127.8.9.1", true), ("[::1]:8080", true),
        ("papers.localhost:8080", true), ("evil.example", false), ("127.0.0.1.evil.example", false),
        ("localhost.evil.example", false),
        ("notlocalhost", false), ("[::2]", false), ("[::1].evil.example", false), ("10.0.0.1", false), ("", false),
    ])
    func withoutAKeyOnlyNamesOfThisMachineAreServed(authority: String, isServed: Bool) {
        #expect(LocalNames.isLocal(authority) == isServed)
    }

    @Test func aFolderWithoutTheCrowdElementsIsRefused() {
        #expect(throws: ConfigurationError.self) {
            try AssetFolder(FilePath(FileManager.default.temporaryDirectory.path + "/none"))
        }
    }
}
