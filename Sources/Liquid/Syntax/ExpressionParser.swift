/// Parses expressions, conditions and filters inside one tag or output.
struct ExpressionParser {
    private var lexer: MarkupLexer
    private let source: TemplateSource
    private let rules: ParsingRules
    private let start: Int
    private var depth = 0

    init(_ source: TemplateSource, in range: Range<Int>, rules: ParsingRules) {
        lexer = MarkupLexer(source.bytes, in: range)
        (self.source, self.rules, start) = (source, rules, range.lowerBound)
    }

    // MARK: Tokens

    func failure(_ message: String, at offset: Int) -> LiquidError {
        LiquidError(.syntax, message, at: source.location(of: offset))
    }

    private func unexpected(_ error: MarkupLexer.Unexpected) -> LiquidError {
        let byte = source.bytes[error.offset]
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            return failure("a text that begins with \(Character(Unicode.Scalar(byte))) is not closed", at: error.offset)
        }
        let character = String(decoding: source.bytes[error.offset..<lexer.end].prefix(4), as: UTF8.self).prefix(1)
        return failure("unexpected character `\(character)`; Liquid has no such operator", at: error.offset)
    }

    mutating func peek(_ distance: Int = 0) throws(LiquidError) -> MarkupLexer.Token {
        do { return try lexer.peek(distance) } catch { throw unexpected(error) }
    }

    mutating func next() throws(LiquidError) -> MarkupLexer.Token {
        do { return try lexer.next() } catch { throw unexpected(error) }
    }

    mutating func consume(_ kind: MarkupLexer.Kind) throws(LiquidError) -> MarkupLexer.Token? {
        try peek().kind == kind ? try next() : nil
    }

    mutating func consume(_ symbol: Unicode.Scalar) throws(LiquidError) -> Bool {
        try consume(.symbol(UInt8(ascii: symbol))) != nil
    }

    /// Takes a name with this spelling.
    mutating func consume(word: String) throws(LiquidError) -> Bool {
        let token = try peek()
        guard token.kind == .identifier, lexer.text(of: token) == word else { return false }
        _ = try next()
        return true
    }

    mutating func identifier(_ role: String) throws(LiquidError) -> String {
        let token = try next()
        guard token.kind == .identifier else {
            throw failure("expected \(role), found \(described(token))", at: token.range.lowerBound)
        }
        return lexer.text(of: token)
    }

    mutating func expectEnd(after what: String) throws(LiquidError) {
        let token = try peek()
        guard token.kind == .end else {
            throw failure("expected the end after \(what), found \(described(token))", at: token.range.lowerBound)
        }
    }

    mutating func isAtEnd() throws(LiquidError) -> Bool { try peek().kind == .end }

    func described(_ token: MarkupLexer.Token) -> String {
        token.kind == .end ? "the end" : "`\(lexer.text(of: token))`"
    }

    /// The text between two offsets without the white space outside of texts, by which loops are known.
    func condensed(_ range: Range<Int>) -> String {
        var condensed: [UInt8] = []
        var quote: UInt8?
        for byte in source.bytes[range] {
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            if quote != nil || !byte.isWhiteSpace { condensed.append(byte) }
        }
        return String(decoding: condensed, as: UTF8.self)
    }

    // MARK: Expressions

    mutating func expression() throws(LiquidError) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= rules.limits.nesting else {
            throw LiquidError(
                .limit, "brackets inside each other deeper than \(rules.limits.nesting)", at: source.location(of: start))
        }
        let token = try next()
        switch token.kind {
        case .identifier:
            let name = lexer.text(of: token)
            let steps = try steps()
            if steps.isEmpty, let literal = Self.literal(name) { return literal }
            return .path(Path(root: .name(LiquidName(name)), steps: steps))
        case .symbol(UInt8(ascii: "[")):
            let root = try expression()
            try expect("]", "`]`")
            return .path(Path(root: .computed(root), steps: try steps()))
        case .string:
            return .literal(.string(String(decoding: source.bytes[token.range].dropFirst().dropLast(), as: UTF8.self)))
        case .number:
            return .literal(try number(token))
        case .symbol(UInt8(ascii: "(")):
            let lower = try expression()
            let dots = try next()
            guard dots.kind == .dots else {
                throw failure("expected `..` of a range, found \(described(dots))", at: dots.range.lowerBound)
            }
            let upper = try expression()
            try expect(")", "`)` after a range")
            return .range(lower, upper)
        default:
            throw failure("expected a value or a variable, found \(described(token))", at: token.range.lowerBound)
        }
    }

    private static func literal(_ name: String) -> Expression? {
        switch name {
        case "true": .literal(.boolean(true))
        case "false": .literal(.boolean(false))
        case "nil", "null": .literal(.null)
        case "empty": .empty
        case "blank": .blank
        default: nil
        }
    }

    private func number(_ token: MarkupLexer.Token) throws(LiquidError) -> LiquidValue {
        let text = lexer.text(of: token)
        do throws(LiquidError) { try Number.check(digits: text.utf8.count, rules.limits.digits) } catch {
            throw error.located(source.location(of: token.range.lowerBound))
        }
        if text.utf8.contains(UInt8(ascii: ".")) { return .decimal(Double(text) ?? 0) }
        if let value = Int(text) { return .integer(value) }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        return .bigInteger(BigInteger(digits: Array(text.utf8.dropFirst(isNegative ? 1 : 0)), isNegative: isNegative))
    }

    private mutating func expect(_ symbol: Unicode.Scalar, _ name: String) throws(LiquidError) {
        guard try consume(symbol) else {
            let token = try peek()
            throw failure("expected \(name), found \(described(token))", at: token.range.lowerBound)
        }
    }

    private mutating func steps() throws(LiquidError) -> [Path.Step] {
        var steps: [Path.Step] = []
        while true {
            if try consume("[") {
                steps.append(.index(try expression()))
                try expect("]", "`]`")
            } else if try consume(".") {
                steps.append(.property(LiquidName(try identifier("a property's name after `.`"))))
            } else {
                return steps
            }
        }
    }

    // MARK: Filters

    /// What an output prints. With autoescape an `escape` at the end is what happens anyway.
    mutating func printed() throws(LiquidError) -> FilteredExpression {
        let whole = try filtered()
        guard rules.dialect == .groundTruth, let last = whole.filters.last?.filter, last == .escape || last == .h else {
            return whole
        }
        return FilteredExpression(
            expression: whole.expression, filters: whole.filters.dropLast(), endsInEscape: true, offset: whole.offset)
    }

    /// An expression with filters to the end; nothing at all is `nil`.
    mutating func filtered() throws(LiquidError) -> FilteredExpression {
        guard try !isAtEnd() else { return FilteredExpression(expression: .literal(.null), filters: [], offset: start) }
        let expression = try expression()
        var filters: [FilterCall] = []
        while try consume("|") {
            if let call = try filterCall() { filters.append(call) }
        }
        try expectEnd(after: "a value and its filters")
        return FilteredExpression(expression: expression, filters: filters, offset: start)
    }

    /// - Returns: `nil` for a filter that only gets reported.
    private mutating func filterCall() throws(LiquidError) -> FilterCall? {
        let offset = try peek().range.lowerBound
        let name = try identifier("a filter's name after `|`")
        var arguments: [Expression] = []
        var keywords: [(name: String, value: Expression)] = []
        if try consume(":") {
            repeat {
                if try peek().kind == .identifier, try peek(1).kind == .symbol(UInt8(ascii: ":")) {
                    let keyword = lexer.text(of: try next())
                    _ = try next()
                    keywords.append((keyword, try expression()))
                } else {
                    arguments.append(try expression())
                }
            } while try consume(",")
        }
        guard let filter = Filter(name: name, dialect: rules.dialect) else {
            try rules.report(unknown(filter: name, at: offset))
            return nil
        }
        if let problem = filter.problem(argumentCount: arguments.count, keywords: keywords.map(\.name)) {
            try rules.report(LiquidError(.argument, problem, at: source.location(of: offset)))
        }
        return FilterCall(filter: filter, arguments: arguments, allowsFalse: keywords.last?.value, offset: offset)
    }

    private func unknown(filter name: String, at offset: Int) -> LiquidError {
        let hint =
            if rules.dialect == .standard, Filter(name: name, dialect: .groundTruth) != nil {
                "it is one of Ground Truth's and not in standard Liquid"
            } else if let similar = closest(to: name, among: Filter.names(of: rules.dialect)) {
                "did you mean `\(similar)`?"
            } else {
                "check its spelling"
            }
        return LiquidError(.unknownFilter, "there is no filter `\(name)`; \(hint)", at: source.location(of: offset))
    }

    // MARK: Conditions

    /// Comparisons to the end.
    mutating func condition() throws(LiquidError) -> Condition {
        var comparisons: [Condition.Comparison] = []
        repeat {
            comparisons.append(try comparison())
        } while comparisons.last?.conjunction != nil
        try expectEnd(after: "a condition")
        return Condition(comparisons: comparisons, offset: start)
    }

    private mutating func comparison() throws(LiquidError) -> Condition.Comparison {
        let left = try expression()
        var right: (operator: Condition.Operator, expression: Expression)?
        if let token = try consume(.comparison) {
            guard let comparison = Condition.Operator(rawValue: lexer.text(of: token)) else {
                preconditionFailure("the lexer yields the operators there are")
            }
            right = (comparison, try expression())
        }
        var conjunction: Condition.Conjunction?
        if try consume(word: "and") {
            conjunction = .and
        } else if try consume(word: "or") {
            conjunction = .or
        }
        return Condition.Comparison(left: left, right: right, conjunction: conjunction)
    }
}
