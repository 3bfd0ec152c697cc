import FoundationEssentials
import Liquid
import Testing

@Suite struct LintTests {
    static let form = #"<script src="https://assets.crowd.aws/crowd-html-elements.js"></script><crowd-form><input name="a">"# + "\n"
    static let formEnd = "</crowd-form>"

    private func findings(_ template: String) -> [String] {
        TemplateLint.report(on: template).findings.map { "\($0.line) \($0.code.rawValue)" }
    }

    @Test func aGoodTemplateHasNoFindings() {
        let template = """
            <script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
            <link rel="stylesheet" href="//cdn.example/a.css">
            <crowd-entity-annotation name="crowd-entity-annotation" labels="{{ task.input.labels | to_json | escape }}"
              text="{{ task.input.text }}">
              <full-instructions header="h">Mark</full-instructions>
            </crowd-entity-annotation>
            <img src="{{ task.input.taskObject | grant_read_access }}">
            <script>const name = `${document.title}`;</script>
            """
        let report = TemplateLint.report(on: template)
        #expect(report.findings.isEmpty)
        #expect(report.hosts == ["assets.crowd.aws", "cdn.example"])
    }

    @Test(arguments: [
        (
            "{{ x | nope }}\n{% nope %}\n{{ x | append }}\n{% if x %}",
            ["2 unknown-filter", "3 unknown-tag", "4 argument", "5 syntax"]
        ),
        ("<crowd-inptu name='x'></crowd-inptu>", ["2 unknown-element"]),
        ("<CROWD-Bounding-Box name='x'></CROWD-Bounding-Box>", ["2 unsupported-element"]),
        ("<crowd-entity-annotation name='x'></crowd-entity-annotation>", ["2 nested-form"]),
        ("<img src='${image_url}'>\n${ 1 + 1 }", ["2 legacy-variable"]),
        ("<script src='http://x.example/a.js'></script>", ["2 insecure-source"]),
        ("<link rel=stylesheet href=http://x.example/a.css>", ["2 insecure-source"]),
        ("<p>{{ task.input.text | skip_autoescape }}</p>", ["2 skips-escape"]),
        ("{% assign t = task.input.text | skip_autoescape %}", ["2 skips-escape"]),
        ("<style>\na { background: url({{ task.input.image | grant_read_access }}); }</style>", ["3 escaped-url"]),
        ("<style>a { background: url({{ 's3://b/k' | grant_read_access | skip_autoescape }}); }</style>", []),
        ("{% comment %}<crowd-x>${y}{{ z | skip_autoescape }}{% endcomment %}<!-- <crowd-x> -->", []),
        ("{% raw %}<crowd-x>{% endraw %}", ["2 unknown-element"]),
        ("<p title='{% if a %}<{% endif %}'></p>{{ '<crowd-x>' }}", []),
    ])
    func faultsAreFoundInTheirLine(part: String, expected: [String]) {
        #expect(findings(Self.form + part + Self.formEnd) == expected)
    }

    @Test(arguments: [("elements.js", [String]()), ("unsupported.js", ["unsupported-element"])])
    func lintKnowsTheElementsThatPagesHave(module: String, codes: [String]) throws {
        let assets = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Service/Assets/crowd")
        let source = String(decoding: try Data(contentsOf: assets.appending(path: module)), as: UTF8.self)
        let names = source.matches(of: #/^  "(crowd-[a-z0-9-]+)"/#.anchorsMatchLineEndings()).map { String($0.output.1) }
        #expect(names.count > 10)
        for name in names where name != "crowd-entity-annotation" && name != "crowd-form" {
            let report = TemplateLint.report(on: "\(Self.form)<\(name)></\(name)>\(Self.formEnd)")
            #expect(report.findings.map(\.code.rawValue) == codes, Comment(rawValue: name))
        }
    }

    @Test func aPageNeedsAControlAndAWayToSubmit() {
        #expect(findings("<p>{{ task.input.text }}</p>") == ["1 no-control", "1 no-submit"])
        #expect(findings("<crowd-form><input></crowd-form>") == ["1 no-control"])
        #expect(findings("<input name='a'>") == ["1 no-submit"])
        let hidden =
            "\n<crowd-form><input name='a'><crowd-button form-action='submit' style='Display: none;'></crowd-button></crowd-form>"
        #expect(findings(hidden) == ["2 no-submit"])
        #expect(findings(hidden + "<script>form.submit()</script>").isEmpty)
        #expect(findings(hidden + "<script src='https://x.example/page.js'></script>").isEmpty)
        // The rest may be in the partial.
        #expect(findings("{% include 'form' %}").isEmpty)
    }

    @Test func lintEndsOnWhateverItIsGiven() {
        for template in [
            "", "<", "<a", "<a b=", "<a b='", "<script>", "<!--", "{{", "{%", "{% raw %}", "{% comment %}", "</", "<a/b=c>", "${",
        ] {
            _ = TemplateLint.report(on: template)
        }
        let long = String(repeating: "<script>", count: 20_000) + String(repeating: "<!--", count: 20_000)
        _ = TemplateLint.report(on: long)
        let report = TemplateLint.report(on: String(repeating: "ü", count: 128_001) + Self.form + Self.formEnd)
        #expect(report.findings.map(\.code) == [.tooLong])
    }
}
