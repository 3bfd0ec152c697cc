/// Parses a template into nodes.
struct TemplateParser {
    /// The content of a block, or of one of its branches.
    struct Body {
        var nodes: [Node] = []
        /// Whether it prints nothing but white space; a block of such branches prints nothing at all.
        var isBlank = true
        /// The tag that ended it; `nil` at the end of the template.
        var end: TemplateReader.Tag?

        mutating func append(_ node: Node, isBlank: Bool) {
            nodes.append(node)
            if !isBlank { self.isBlank = false }
        }

        /// What is rendered when the block turns out blank.
        func printed(isBlockBlank: Bool) -> [Node] { isBlockBlank ? nodes.filter { !$0.isText } : nodes }
    }

    let source: TemplateSource
    let rules: ParsingRules
    var reader: TemplateReader
    private var depth = 0

    init(_ source: TemplateSource, rules: ParsingRules) throws(LiquidError) {
        guard source.bytes.count <= rules.limits.templateBytes else {
            throw LiquidError(
                .limit, "\(source.name) has \(source.bytes.count) bytes, at most \(rules.limits.templateBytes) are allowed")
        }
        (self.source, self.rules) = (source, rules)
        reader = TemplateReader(source)
    }

    mutating func parse() throws(LiquidError) -> [Node] { try body(of: nil, endingWith: []).nodes }

    func failure(_ message: String, at offset: Int) -> LiquidError {
        LiquidError(.syntax, message, at: source.location(of: offset))
    }

    func expressions(_ tag: TemplateReader.Tag) -> ExpressionParser { expressions(in: tag.markup) }

    func expressions(in range: Range<Int>) -> ExpressionParser { ExpressionParser(source, in: range, rules: rules) }

    // MARK: Bodies

    /// Parses up to a tag of `ends`; without `opening`, to the end of the template or of the `liquid` tag.
    mutating func body(of opening: TemplateReader.Tag?, endingWith ends: [String]) throws(LiquidError) -> Body {
        depth += 1
        defer { depth -= 1 }
        guard depth <= rules.limits.nesting else {
            let location = source.location(of: opening?.start ?? 0)
            throw LiquidError(.limit, "blocks inside each other deeper than \(rules.limits.nesting)", at: location)
        }
        var body = Body()
        while let piece = try reader.next() {
            switch piece {
            case .text(let range):
                let text = source.bytes[range]
                if !text.isEmpty { body.append(.text(Array(text)), isBlank: text.allSatisfy(\.isWhiteSpace)) }
            case .output(let markup):
                var parser = expressions(in: markup)
                body.append(.output(try parser.printed()), isBlank: false)
            case .tag(let tag):
                if ends.contains(tag.name) {
                    body.end = tag
                    return body
                }
                try parse(tag, in: opening, into: &body)
            }
        }
        if let opening {
            throw failure("`\(opening.name)` is not closed; expected `end\(opening.name)`", at: opening.start)
        }
        return body
    }

    private mutating func parse(
        _ tag: TemplateReader.Tag, in block: TemplateReader.Tag?, into body: inout Body
    ) throws(LiquidError) {
        switch tag.name {
        case "#": try checkComment(tag)
        case "comment":
            guard try reader.skipComment() else { throw failure("`comment` is not closed; expected `endcomment`", at: tag.start) }
        case "doc": try skipDocumentation(tag)
        case "raw":
            let text = try verbatim(tag)
            if !text.isEmpty { body.append(.text(text), isBlank: false) }
        case "liquid":
            let lines = try self.lines(of: tag)
            body.nodes += lines.nodes
            if !lines.isBlank { body.isBlank = false }
        case "if", "unless":
            let (node, isBlank) = try branches(tag)
            body.append(node, isBlank: isBlank)
        case "case":
            let (node, isBlank) = try choice(tag)
            body.append(node, isBlank: isBlank)
        case "for":
            let (node, isBlank) = try loop(tag)
            body.append(node, isBlank: isBlank)
        case "tablerow":
            let (node, isBlank) = try tableRow(tag)
            body.append(node, isBlank: isBlank)
        case "ifchanged":
            let content = try self.body(of: tag, endingWith: ["endifchanged"])
            body.append(.ifChanged(content.nodes), isBlank: content.isBlank)
        case "capture":
            let name = try variableName(tag)
            let content = try self.body(of: tag, endingWith: ["endcapture"])
            body.append(.capture(Capture(name: name, body: content.nodes)), isBlank: true)
        case "assign": body.append(try assignment(tag), isBlank: true)
        case "echo":
            var parser = expressions(tag)
            body.append(.output(try parser.printed()), isBlank: false)
        case "cycle": body.append(try cycle(tag), isBlank: false)
        case "increment", "decrement":
            body.append(.count(Counting(name: try counterName(tag), isIncrement: tag.name == "increment")), isBlank: false)
        case "break": body.append(.interrupt(.breakLoop), isBlank: false)
        case "continue": body.append(.interrupt(.continueLoop), isBlank: false)
        case "include": body.append(.include(try inclusion(tag)), isBlank: false)
        case "render": body.append(.render(try inclusion(tag)), isBlank: false)
        default: try rules.report(misplaced(tag, in: block))
        }
    }

    private func misplaced(_ tag: TemplateReader.Tag, in block: TemplateReader.Tag?) -> LiquidError {
        let message =
            if let block, tag.name.hasPrefix("end") {
                "`\(tag.name)` does not close `\(block.name)`; expected `end\(block.name)`"
            } else if ["else", "elsif", "when"].contains(tag.name) || tag.name.hasPrefix("end") {
                "`\(tag.name)` has no block here that it belongs to"
            } else if let similar = closest(to: tag.name, among: Self.tagNames) {
                "there is no tag `\(tag.name)`; did you mean `\(similar)`?"
            } else {
                "there is no tag `\(tag.name)`"
            }
        return LiquidError(.unknownTag, message, at: source.location(of: tag.start))
    }

    private static let tagNames = [
        "assign", "break", "capture", "case", "comment", "continue", "cycle", "decrement", "doc", "echo", "else", "elsif",
        "endcapture", "endcase", "endcomment", "enddoc", "endfor", "endif", "endifchanged", "endraw", "endtablerow", "endunless",
        "for", "if", "ifchanged", "include", "increment", "liquid", "raw", "render", "tablerow", "unless", "when",
    ]

    // MARK: Blocks without content to parse

    /// In an inline comment of several lines each line begins with `#`.
    private func checkComment(_ tag: TemplateReader.Tag) throws(LiquidError) {
        for line in source.bytes[tag.markup].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst() {
            guard let first = line.firstIndex(where: { !$0.isWhiteSpace }), line[first] != UInt8(ascii: "#") else { continue }
            throw failure("each line of a `#` comment begins with `#`", at: first)
        }
    }

    private func expectNoMarkup(_ tag: TemplateReader.Tag) throws(LiquidError) {
        guard source.bytes[tag.markup].allSatisfy(\.isWhiteSpace) else {
            throw failure("`\(tag.name)` takes nothing behind its name", at: tag.start)
        }
    }

    private mutating func skipDocumentation(_ tag: TemplateReader.Tag) throws(LiquidError) {
        try expectNoMarkup(tag)
        let isClosed =
            if reader.readsLines {
                try reader.skipLines(until: "enddoc")
            } else {
                reader.takeVerbatim(until: "enddoc", forbidden: "doc") != nil
            }
        guard isClosed else { throw failure("`doc` is not closed; expected `enddoc` and no `doc` before it", at: tag.start) }
    }

    private mutating func verbatim(_ tag: TemplateReader.Tag) throws(LiquidError) -> [UInt8] {
        try expectNoMarkup(tag)
        guard !reader.readsLines, let range = reader.takeVerbatim(until: "endraw") else {
            throw failure("`raw` is not closed; expected `endraw`", at: tag.start)
        }
        return Array(source.bytes[range])
    }

    /// The tags inside a `liquid` tag; its blocks end inside it.
    private mutating func lines(of tag: TemplateReader.Tag) throws(LiquidError) -> Body {
        let outer = reader
        reader = TemplateReader(linesOf: source, in: tag.markup)
        defer { reader = outer }
        return try body(of: nil, endingWith: [])
    }
}
