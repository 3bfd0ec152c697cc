/// Renders one template once.
struct Renderer {
    let dialect: Dialect
    let data: LiquidObject
    let surroundings: Surroundings
    var budget: Budget
    var scope = Scope()
    var output: [UInt8] = []
    /// A `break` or `continue` on its way to its loop.
    var interrupt: Interrupt?
    /// Where the work is, for errors.
    var source: TemplateSource
    var offset = 0
    /// Bytes that capturing put aside, which count for the limit on output.
    var setAside = 0
    private let nodes: [Node]
    private var depth = 0
    private var partials: [LiquidName: Template] = [:]

    init(template: Template, data: LiquidObject, surroundings: Surroundings) {
        (dialect, self.data, self.surroundings) = (template.dialect, data, surroundings)
        budget = Budget(template.limits)
        source = template.source
        nodes = template.nodes
        output.reserveCapacity(min(template.source.bytes.count * 2, template.limits.outputBytes))
    }

    mutating func run() throws(LiquidError) -> [UInt8] {
        do throws(LiquidError) {
            try render(nodes)
        } catch {
            throw error.located(source.location(of: offset))
        }
        return output
    }

    // MARK: Nodes

    mutating func render(_ nodes: [Node]) throws(LiquidError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= budget.limits.nesting + 1 else {
            throw LiquidError(.limit, "blocks and partials inside each other deeper than \(budget.limits.nesting)")
        }
        for node in nodes {
            try budget.spend(1)
            try render(node)
            if interrupt != nil { return }
        }
    }

    private mutating func render(_ node: Node) throws(LiquidError) {
        switch node {
        case .text(let bytes): try write(bytes)
        case .output(let expression):
            let value = try value(of: expression)
            try write(expression.endsInEscape && value.isPrintedUnescaped ? try escaped(value) : value)
        case .assign(let assignment):
            let value = try value(of: assignment.value)
            try budget.make(bytes: 16)
            scope.assigned[assignment.name] = value
        case .capture(let capture):
            let text = String(decoding: try captured(capture.body), as: UTF8.self)
            try budget.make(bytes: text.utf8.count)
            scope.assigned[capture.name] = dialect == .groundTruth ? .escaped(text) : .string(text)
        case .branches(let branches): try render(branches)
        case .choice(let choice): try render(choice)
        case .loop(let loop): try render(loop)
        case .tableRow(let row): try render(row)
        case .cycle(let cycle): try render(cycle)
        case .count(let counting):
            let value = scope.counters[counting.name] ?? 0
            scope.counters[counting.name] = counting.isIncrement ? value + 1 : value - 1
            try write(.integer(counting.isIncrement ? value : value - 1))
        case .include(let inclusion): try include(inclusion)
        case .render(let inclusion): try isolate(inclusion)
        case .ifChanged(let body):
            let text = try captured(body)
            guard text != scope.lastChanged else { return }
            scope.lastChanged = text
            try write(text)
        case .interrupt(let kind): interrupt = kind
        }
    }

    private mutating func render(_ branches: [Branch]) throws(LiquidError) {
        for branch in branches {
            if let condition = branch.condition, try holds(condition) == branch.isNegated { continue }
            return try render(branch.body)
        }
    }

    private mutating func render(_ choice: Choice) throws(LiquidError) {
        offset = choice.offset
        let subject = try evaluate(choice.subject)
        var isMatched = false
        for alternative in choice.alternatives {
            guard let values = alternative.values else {
                if !isMatched { try render(alternative.body) }
                if interrupt != nil { return }
                continue
            }
            for value in values {
                try budget.spend(1)
                guard try isEqual(subject, to: value) else { continue }
                isMatched = true
                try render(alternative.body)
                if interrupt != nil { return }
            }
        }
    }

    // MARK: Partials

    /// The partial with this name, parsed when it is first asked for.
    mutating func partial(_ name: String) throws(LiquidError) -> Template {
        if let known = partials[LiquidName(name)] { return known }
        let text: String?
        do {
            text = try surroundings.partial(name)
        } catch {
            throw LiquidError(.partial, "the partial `\(name)` cannot be read: \(error)")
        }
        guard let text else { throw LiquidError(.partial, "there is no partial `\(name)`") }
        try budget.make(bytes: text.utf8.count)
        let partial = try Template(text, name: name, dialect: dialect, limits: budget.limits)
        partials[LiquidName(name)] = partial
        return partial
    }

    /// Renders a partial's nodes; errors in it name it.
    mutating func render(_ partial: Template) throws(LiquidError) {
        let outer = (source, offset)
        source = partial.source
        offset = 0
        do throws(LiquidError) {
            try render(partial.nodes)
        } catch {
            throw error.located(source.location(of: offset))
        }
        (source, offset) = outer
    }

    // MARK: Output

    mutating func write(_ bytes: [UInt8]) throws(LiquidError) {
        output += bytes
        try checkOutput()
    }

    func checkOutput() throws(LiquidError) {
        guard setAside + output.count <= budget.limits.outputBytes else { throw Self.tooLong(budget.limits.outputBytes) }
    }

    private static func tooLong(_ limit: Int) -> LiquidError {
        LiquidError(.limit, "the result has more than \(limit) bytes; print less, or raise the limit `outputBytes`")
    }

    /// What the nodes print, taken out of the output.
    private mutating func captured(_ body: [Node]) throws(LiquidError) -> [UInt8] {
        var outer: [UInt8] = []
        swap(&outer, &output)
        setAside += outer.count
        try render(body)
        setAside -= outer.count
        swap(&outer, &output)
        return outer
    }

    /// Prints a value: lists without anything between their elements, everything else as text, escaped for HTML where the dialect
    /// says so.
    mutating func write(_ value: LiquidValue) throws(LiquidError) {
        switch value {
        case .null: return
        case .array(let elements):
            for element in elements {
                try budget.spend(1)
                try write(element)
            }
            return
        case .escaped(let text), .trusted(let text): output += text.utf8
        case .string(let text): write(text)
        case .object:
            guard value.approximateTextBytes <= budget.limits.outputBytes else { throw Self.tooLong(budget.limits.outputBytes) }
            write(value.text(dialect.textStyle))
        default: write(value.text(dialect.textStyle))
        }
        try checkOutput()
    }

    private mutating func write(_ text: String) {
        if dialect == .groundTruth { HTMLText.append(text, to: &output) } else { output += text.utf8 }
    }
}

extension LiquidValue {
    /// Whether `escape` makes of the value what printing it does not: a list as one text, and trusted text escaped after all.
    fileprivate var isPrintedUnescaped: Bool {
        switch self {
        case .array, .trusted: true
        default: false
        }
    }
}
