extension TemplateParser {
    // MARK: Variables

    func assignment(_ tag: TemplateReader.Tag) throws(LiquidError) -> Node {
        let (name, end) = try leadingName(tag)
        var rest = end
        while rest < tag.markup.upperBound, source.bytes[rest].isWhiteSpace { rest += 1 }
        guard rest < tag.markup.upperBound, source.bytes[rest] == UInt8(ascii: "=") else {
            throw failure("expected `=` after the name: assign NAME = VALUE", at: tag.start)
        }
        var parser = expressions(in: (rest + 1)..<tag.markup.upperBound)
        return .assign(Assignment(name: LiquidName(name), value: try parser.filtered()))
    }

    /// The name behind `capture`, which may be in quotes.
    func variableName(_ tag: TemplateReader.Tag) throws(LiquidError) -> LiquidName {
        let (name, end) = try leadingName(tag)
        guard source.bytes[end..<tag.markup.upperBound].allSatisfy({ $0.isWhiteSpace || $0 == 0x22 || $0 == 0x27 }) else {
            throw failure("expected nothing behind the name: \(tag.name) NAME", at: tag.start)
        }
        return LiquidName(name)
    }

    /// Names may hold more bytes here than a variable's name has elsewhere; such a variable is reached with `['name']`.
    private func leadingName(_ tag: TemplateReader.Tag) throws(LiquidError) -> (name: String, end: Int) {
        let bytes = source.bytes[tag.markup]
        let start = bytes.firstIndex { !$0.isWhiteSpace && $0 != 0x22 && $0 != 0x27 } ?? bytes.endIndex
        let name = bytes[start...].prefix { $0.isWordByte || "-.[]()".utf8.contains($0) }
        guard !name.isEmpty else { throw failure("expected a variable's name after `\(tag.name)`", at: tag.start) }
        return (String(decoding: name, as: UTF8.self), name.endIndex)
    }

    func counterName(_ tag: TemplateReader.Tag) throws(LiquidError) -> LiquidName {
        var name = source.bytes[tag.markup].drop { $0.isWhiteSpace }
        while name.last?.isWhiteSpace == true { name.removeLast() }
        guard !name.isEmpty else { throw failure("expected a counter's name after `\(tag.name)`", at: tag.start) }
        return LiquidName(String(decoding: name, as: UTF8.self))
    }

    // MARK: Decisions

    mutating func branches(_ tag: TemplateReader.Tag) throws(LiquidError) -> (Node, isBlank: Bool) {
        var parts: [(condition: Condition?, isNegated: Bool, body: Body)] = []
        var opening: TemplateReader.Tag? = tag
        while let current = opening, current.name != "end\(tag.name)" {
            var condition: Condition?
            if current.name != "else" {
                var parser = expressions(current)
                condition = try parser.condition()
            }
            let body = try body(of: tag, endingWith: ["elsif", "else", "end\(tag.name)"])
            parts.append((condition, current.name == "unless", body))
            opening = body.end
        }
        let isBlank = parts.allSatisfy(\.body.isBlank)
        let branches = parts.map { Branch(condition: $0, isNegated: $1, body: $2.printed(isBlockBlank: isBlank)) }
        return (.branches(branches), isBlank)
    }

    mutating func choice(_ tag: TemplateReader.Tag) throws(LiquidError) -> (Node, isBlank: Bool) {
        var parser = expressions(tag)
        let subject = try parser.expression()
        // Text before the first `when` belongs to no alternative, but keeps the block from being blank.
        var body = try body(of: tag, endingWith: ["when", "else", "endcase"])
        var isBlank = body.isBlank
        var parts: [(values: [Expression]?, body: Body)] = []
        while let opening = body.end, opening.name != "endcase" {
            let values = opening.name == "when" ? try whenValues(opening) : nil
            if opening.name == "else", !source.bytes[opening.markup].allSatisfy(\.isWhiteSpace) {
                throw failure("`else` takes nothing behind it; use `when` for a value", at: opening.start)
            }
            body = try self.body(of: tag, endingWith: ["when", "else", "endcase"])
            isBlank = isBlank && body.isBlank
            parts.append((values, body))
        }
        let alternatives = parts.map { Choice.Alternative(values: $0, body: $1.printed(isBlockBlank: isBlank)) }
        return (.choice(Choice(subject: subject, alternatives: alternatives, offset: tag.start)), isBlank)
    }

    /// Values joined by `or` or commas; like Ruby's, what follows something else is ignored.
    private func whenValues(_ tag: TemplateReader.Tag) throws(LiquidError) -> [Expression] {
        var parser = expressions(tag)
        var values = [try parser.expression()]
        while try !parser.isAtEnd() {
            let isComma = try parser.consume(",")
            if !isComma, try !parser.consume(word: "or") { break }
            values.append(try parser.expression())
        }
        return values
    }

    // MARK: Loops

    mutating func loop(_ tag: TemplateReader.Tag) throws(LiquidError) -> (Node, isBlank: Bool) {
        let header = try loopHeader(tag)
        let body = try body(of: tag, endingWith: ["else", "endfor"])
        let alternative = body.end?.name == "else" ? try self.body(of: tag, endingWith: ["endfor"]) : Body()
        let isBlank = body.isBlank && alternative.isBlank
        let loop = Loop(
            header: header, body: body.printed(isBlockBlank: isBlank), alternative: alternative.printed(isBlockBlank: isBlank))
        return (.loop(loop), isBlank)
    }

    mutating func tableRow(_ tag: TemplateReader.Tag) throws(LiquidError) -> (Node, isBlank: Bool) {
        let header = try loopHeader(tag)
        var start: Expression?
        if case .expression(let expression)? = header.start { start = expression }
        let body = try body(of: tag, endingWith: ["endtablerow"])
        return (.tableRow(TableRow(header: header, start: start, body: body.nodes)), body.isBlank)
    }

    private func loopHeader(_ tag: TemplateReader.Tag) throws(LiquidError) -> LoopHeader {
        var parser = expressions(tag)
        let variable = try parser.identifier("a variable's name after `\(tag.name)`")
        guard try parser.consume(word: "in") else {
            throw failure("expected `in`: \(tag.name) NAME in LIST", at: tag.start)
        }
        let start = try parser.peek().range.lowerBound
        let collection = try parser.expression()
        let name = "\(variable)-\(parser.condensed(start..<(try parser.peek().range.lowerBound)))"
        var header = LoopHeader(variable: variable, collection: collection, name: name, offset: tag.start)
        if tag.name == "for" { header.isReversed = try parser.consume(word: "reversed") }
        while try !parser.isAtEnd() {
            if try parser.consume(",") { continue }
            let attribute = try parser.identifier("`limit`, `offset`\(tag.name == "for" ? "" : " or `cols`")")
            guard try parser.consume(":") else { throw failure("expected `:` after `\(attribute)`", at: tag.start) }
            switch attribute {
            case "limit": header.limit = try parser.expression()
            case "offset" where tag.name == "for":
                header.start = try parser.consume(word: "continue") ? .whereLastEnded : .expression(try parser.expression())
            case "offset": header.start = .expression(try parser.expression())
            case "cols" where tag.name == "tablerow": header.columns = try parser.expression()
            default: throw failure("`\(tag.name)` has no attribute `\(attribute)`", at: tag.start)
            }
        }
        return header
    }

    func cycle(_ tag: TemplateReader.Tag) throws(LiquidError) -> Node {
        var parser = expressions(tag)
        let first = try parser.expression()
        var values = [first]
        let isNamed = try parser.consume(":")
        if isNamed { values = [try parser.expression()] }
        while try parser.consume(",") {
            if try parser.isAtEnd() { break }
            values.append(try parser.expression())
        }
        try parser.expectEnd(after: "the values of `cycle`")
        if isNamed { return .cycle(Cycle(group: .named(first), values: values, offset: tag.start)) }
        var identity: [UInt8] = []
        for value in values {
            switch value {
            case .literal(let value): value.appendIdentity(to: &identity)
            case .empty, .blank: LiquidValue.string("").appendIdentity(to: &identity)
            default: identity = Array("@\(source.name):\(tag.start)".utf8)
            }
        }
        return .cycle(
            Cycle(group: .written(LiquidName("=" + String(decoding: identity, as: UTF8.self))), values: values, offset: tag.start))
    }

    // MARK: Partials

    func inclusion(_ tag: TemplateReader.Tag) throws(LiquidError) -> Inclusion {
        var parser = expressions(tag)
        let name = try parser.expression()
        if tag.name == "render" {
            guard case .literal(.string) = name else {
                throw failure("`render` takes a partial's name in quotes; `include` also takes a variable", at: tag.start)
            }
        }
        var subject: (expression: Expression, isLoop: Bool)?
        // `with: 1` is an argument, `with x` the subject.
        if try parser.peek(1).kind != .symbol(UInt8(ascii: ":")) {
            if try parser.consume(word: "with") {
                subject = (try parser.expression(), false)
            } else if try parser.consume(word: "for") {
                subject = (try parser.expression(), true)
            }
        }
        var alias: LiquidName?
        if try parser.peek(1).kind != .symbol(UInt8(ascii: ":")), try parser.consume(word: "as") {
            alias = LiquidName(try parser.identifier("a name after `as`"))
        }
        var arguments: [(name: LiquidName, value: Expression)] = []
        while try !parser.isAtEnd() {
            if try parser.consume(",") { continue }
            let name = try parser.identifier("an argument's name")
            guard try parser.consume(":") else { throw failure("expected `:` after `\(name)`", at: tag.start) }
            arguments.append((LiquidName(name), try parser.expression()))
        }
        return Inclusion(name: name, subject: subject, alias: alias, arguments: arguments, offset: tag.start)
    }
}
