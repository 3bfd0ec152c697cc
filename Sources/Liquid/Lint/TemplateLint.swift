/// Checks a worker template in Ground Truth's dialect: the Liquid in it, and the HTML around that as far as a worker page needs it
/// (contracts sections 6, 7 and 22). Partials are not looked into.
package struct TemplateLint {
    private let source: TemplateSource
    private let lineStarts: [Int]
    private var report = TemplateReport()
    private var hosts: Set<String> = []

    /// - Parameter text: The template's source.
    package static func report(on text: String, limits: Limits = Limits()) -> TemplateReport {
        var lint = TemplateLint(text)
        lint.check(limits)
        return lint.report
    }

    private init(_ text: String) {
        let bytes = Array(text.utf8)
        source = TemplateSource(name: "template", bytes: bytes)
        lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    private mutating func check(_ limits: Limits) {
        checkLength()
        let collector = ParsingRules.Collector()
        do throws(LiquidError) {
            var parser = try TemplateParser(
                source, rules: ParsingRules(dialect: .groundTruth, limits: limits, collector: collector))
            _ = try parser.parse()
        } catch {
            collector.append(error)
        }
        for error in collector.errors { add(error) }

        let surface = TemplateSurface(source)
        let scanner = HTMLScanner(surface.html)
        checkElements(scanner.tags)
        checkSources(scanner.tags)
        if !surface.usesPartials { checkAnswer(scanner, html: surface.html) }
        checkLegacyVariables(surface.html, besides: scanner.rawTexts.map(\.range))
        for expression in collector.expressions { checkEscaping(expression, rawTexts: scanner.rawTexts) }
        report.findings = report.findings.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
            .map(\.element)
        report.hosts = hosts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    // MARK: Findings

    private mutating func add(_ code: TemplateFinding.Code, at offset: Int, _ message: String) {
        report.findings.append(TemplateFinding(line: line(of: offset), code: code, message: message))
    }

    private mutating func add(_ error: LiquidError) {
        let code: TemplateFinding.Code =
            switch error.code {
            case .unknownTag: .unknownTag
            case .unknownFilter: .unknownFilter
            case .argument: .argument
            case .limit: .limit
            default: .syntax
            }
        report.findings.append(TemplateFinding(line: error.location?.line ?? 1, code: code, message: error.message))
    }

    private func line(of offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while low < high {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Liquid

    private static let maximumCharacters = 128_000

    private mutating func checkLength() {
        let count = source.bytes.count { $0 & 0xC0 != 0x80 }
        guard count > Self.maximumCharacters else { return }
        add(.tooLong, at: 0, "the template has \(count) characters; Ground Truth takes \(Self.maximumCharacters)")
    }

    private mutating func checkEscaping(_ expression: FilteredExpression, rawTexts: [(name: String, range: Range<Int>)]) {
        let filters = expression.filters.map(\.filter)
        if filters.contains(.skipAutoescape), case .path = expression.expression {
            add(
                .skipsEscape, at: expression.offset,
                "skip_autoescape prints what comes from documents or workers as HTML, scripts in it too; leave it out")
        }
        guard filters.contains(.grantReadAccess), !filters.contains(.skipAutoescape),
            let place = rawTexts.first(where: { $0.range.contains(expression.offset) })
        else { return }
        add(
            .escapedURL, at: expression.offset,
            "inside <\(place.name)> the `&` of the URL stays `&amp;` and the URL does not work; put it into an attribute, such as "
                + "`src` or `data-url`, and take it from there")
    }

    /// `${name}` is a variable in older templates, and in scripts a part of JavaScript.
    private mutating func checkLegacyVariables(_ html: [UInt8], besides rawTexts: [Range<Int>]) {
        let search = ByteSearch("${".utf8)
        var start = 0
        while let found = search.firstIndex(in: html, from: start) {
            start = found + 2
            guard !rawTexts.contains(where: { $0.contains(found) }), let end = html[start...].firstIndex(of: UInt8(ascii: "}")),
                html[start..<end].allSatisfy({ $0.isWordByte || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }), end > start
            else { continue }
            let name = String(decoding: html[start..<end], as: UTF8.self)
            add(.legacyVariable, at: found, "`${\(name)}` is printed as it is; write `{{ task.input.\(name) }}`")
        }
    }

    // MARK: HTML

    private mutating func checkElements(_ tags: [HTMLTag]) {
        var openForms = 0
        for tag in tags {
            if tag.name == "crowd-form" { openForms = max(0, openForms + (tag.isEnd ? -1 : 1)) }
            guard !tag.isEnd, tag.name.hasPrefix("crowd-") else { continue }
            if CrowdElements.unsupported.contains(tag.name) {
                add(
                    .unsupportedElement, at: tag.offset,
                    "<\(tag.name)> is not supported: workers label text here, no images, video or point clouds")
            } else if !CrowdElements.known.contains(tag.name) {
                let similar = closest(to: tag.name, among: CrowdElements.known.sorted())
                let hint = similar.map { "did you mean <\($0)>?" } ?? "check its spelling"
                add(.unknownElement, at: tag.offset, "there is no element <\(tag.name)>; \(hint)")
            } else if tag.name == "crowd-entity-annotation", openForms > 0 {
                add(
                    .nestedForm, at: tag.offset,
                    "<crowd-entity-annotation> has a form and a submit button of its own; take it out of <crowd-form>")
            }
        }
    }

    /// Scripts and style sheets that the page loads.
    private mutating func checkSources(_ tags: [HTMLTag]) {
        for tag in tags where !tag.isEnd {
            var url: String?
            if tag.name == "script" { url = tag["src"] }
            if tag.name == "link", tag["rel"]?.lowercased().contains("stylesheet") ?? false { url = tag["href"] }
            guard let url else { continue }
            let lowercased = url.lowercased()
            if lowercased.hasPrefix("http:") {
                add(.insecureSource, at: tag.offset, "<\(tag.name)> loads \(url) without https, which worker pages do not")
            }
            guard let start = ["https://", "http://", "//"].first(where: { lowercased.hasPrefix($0) }) else { continue }
            let host = lowercased.dropFirst(start.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            if !host.isEmpty { hosts.insert(String(host)) }
        }
    }

    /// Whether a worker can submit anything.
    private mutating func checkAnswer(_ scanner: HTMLScanner, html: [UInt8]) {
        let starts = scanner.tags.filter { !$0.isEnd }
        report.controls = starts.filter { CrowdElements.controls.contains($0.name) }.compactMap { $0["name"] }.filter {
            !$0.isEmpty
        }
        if report.controls.isEmpty {
            add(.noControl, at: 0, "no control has a `name`, so the answer is always empty")
        }
        guard !starts.contains(where: { $0.name == "crowd-entity-annotation" }) else { return }
        guard let form = starts.first(where: { $0.name == "crowd-form" }) else {
            add(.noSubmit, at: 0, "there is no <crowd-form> to submit; put the controls into one")
            return
        }
        // The form adds a button unless it has one, even a hidden one; then a script has to submit, or a button that can be seen.
        let submits = starts.filter { $0.name == "crowd-button" && $0["form-action"]?.lowercased() == "submit" }
        let areHidden = !submits.isEmpty && submits.allSatisfy(\.isHidden)
        guard areHidden else { return }
        let hasOtherScripts = starts.contains { tag in
            tag.name == "script" && tag["src"].map { !$0.lowercased().contains("crowd-html-elements") } ?? false
        }
        let submitsInline = scanner.rawTexts.contains { text in
            text.name == "script" && ByteSearch(".submit(".utf8).firstIndex(in: Array(html[text.range]), from: 0) != nil
        }
        if !hasOtherScripts, !submitsInline {
            add(.noSubmit, at: form.offset, "the form's submit button is hidden, and no script calls `submit()`")
        }
    }
}

extension HTMLTag {
    fileprivate var isHidden: Bool {
        if self["hidden"] != nil { return true }
        let style = (self["style"] ?? "").utf8.filter { !$0.isWhiteSpace }
        let text = String(decoding: style, as: UTF8.self).lowercased()
        return text.utf8.elementsEqual("display:none".utf8) || text.hasPrefix("display:none;") || text.hasSuffix(";display:none")
            || text.hasSuffix(";display:none;")
    }
}
