extension Renderer {
    // MARK: Expressions

    mutating func value(of filtered: FilteredExpression) throws(LiquidError) -> LiquidValue {
        offset = filtered.offset
        var value = try evaluate(filtered.expression)
        for call in filtered.filters {
            offset = call.offset
            var arguments: [LiquidValue] = []
            for argument in call.arguments { arguments.append(try evaluate(argument)) }
            var allowsFalse = false
            if let argument = call.allowsFalse { allowsFalse = try evaluate(argument).isTruthy }
            try budget.spend(1)
            value = try apply(call.filter, to: value, arguments, allowsFalse: allowsFalse)
        }
        return value
    }

    mutating func evaluate(_ expression: Expression) throws(LiquidError) -> LiquidValue {
        switch expression {
        case .literal(let value): return value
        case .empty, .blank: return .string("")
        case .path(let path): return try value(at: path)
        case .range(let lower, let upper):
            let isWritten = lower.isLiteral && upper.isLiteral
            return .range(
                lower: try rangeEnd(try evaluate(lower), isWritten: isWritten),
                upper: try rangeEnd(try evaluate(upper), isWritten: isWritten))
        }
    }

    /// An end of a range: `nil` is 0, a text the integer it begins with; decimals only where both ends are written out.
    private func rangeEnd(_ value: LiquidValue, isWritten: Bool) throws(LiquidError) -> Int {
        switch value {
        case .null: return 0
        case .decimal(let value) where isWritten && value.magnitude < 9e18: return Int(value)
        default:
            guard let text = value.string else { return try value.integerArgument("an end of a range") }
            let integer = try Number.leadingInteger(Array(text.utf8)[...], digits: budget.limits.digits)
            return integer.int ?? (integer.isNegative ? .min : .max)
        }
    }

    // MARK: Variables

    private mutating func value(at path: Path) throws(LiquidError) -> LiquidValue {
        let name: LiquidName
        switch path.root {
        case .name(let written): name = written
        case .computed(let expression):
            guard let text = try evaluate(expression).string else { return .null }
            name = LiquidName(text)
        }
        if path.mayBeLoop, let loop = loop(named: name) { return try value(of: scope.loops[loop], at: path.steps[...]) }
        var value = variable(name)
        for step in path.steps { value = try member(step, of: value) }
        return value
    }

    /// What `forloop` and the properties behind it mean.
    private mutating func value(
        of loop: LoopState, at steps: ArraySlice<Path.Step>
    ) throws(LiquidError) -> LiquidValue {
        var state = loop
        var steps = steps
        while let step = steps.popFirst() {
            guard let property = try propertyName(step) else { return .null }
            if property == "parentloop" {
                guard case .list(_, let parent?) = state.kind else { return .null }
                state = scope.loops[parent]
            } else {
                var value = state.property(property) ?? .null
                for step in steps { value = try member(step, of: value) }
                return value
            }
        }
        return snapshot(of: state)
    }

    private mutating func propertyName(_ step: Path.Step) throws(LiquidError) -> String? {
        switch step {
        case .property(let name): name.text
        case .index(let expression): try evaluate(expression).string
        }
    }

    /// A loop's state as an object, for a template that passes `forloop` itself on.
    private func snapshot(of state: LoopState) -> LiquidValue {
        let names = if case .list = state.kind { LoopState.listProperties } else { LoopState.rowProperties }
        return .object(LiquidObject(names.map { (key: $0, value: state.property($0) ?? .null) }))
    }

    /// The loop that `forloop` or `tablerowloop` means, unless a variable of that name is nearer.
    private func loop(named name: LiquidName) -> Int? {
        guard LoopState.names.contains(name.text) else { return nil }
        for frame in scope.frames.reversed() {
            if frame.variables.contains(where: { $0.name == name }) { return nil }
            guard let loop = frame.loop else { continue }
            let isList = if case .list = scope.loops[loop].kind { true } else { false }
            if isList == (name.text == "forloop") { return loop }
        }
        return nil
    }

    /// A variable's value, from the innermost loop or partial outwards, then assigned ones, counters and the data.
    func variable(_ name: LiquidName) -> LiquidValue {
        for frame in scope.frames.reversed() {
            for variable in frame.variables.reversed() where variable.name == name { return variable.value }
        }
        if !scope.assigned.isEmpty, let value = scope.assigned[name] { return value }
        if !scope.counters.isEmpty, let value = scope.counters[name] { return .integer(value) }
        return data[name] ?? .null
    }

    private mutating func member(_ step: Path.Step, of value: LiquidValue) throws(LiquidError) -> LiquidValue {
        switch step {
        case .property(let name):
            if case .object(let object) = value, let member = object[name] { return member }
            return value.command(name.text) ?? .null
        case .index(let expression):
            let key = try evaluate(expression)
            switch (value, key) {
            case (.array(let elements), .integer(let index)):
                let position = index < 0 ? elements.count + index : index
                return elements.indices.contains(position) ? elements[position] : .null
            case (.object(let object), _): return key.string.flatMap { object[$0] } ?? .null
            default: return .null
            }
        }
    }

    // MARK: Conditions

    mutating func holds(_ condition: Condition) throws(LiquidError) -> Bool {
        offset = condition.offset
        for comparison in condition.comparisons {
            try budget.spend(1)
            let holds = try holds(comparison)
            switch comparison.conjunction {
            case .or where !holds, .and where holds: continue
            default: return holds
            }
        }
        return false
    }

    private mutating func holds(_ comparison: Condition.Comparison) throws(LiquidError) -> Bool {
        guard let (comparator, right) = comparison.right else { return try evaluate(comparison.left).isTruthy }
        switch comparator {
        case .equal: return try areEqual(comparison.left, right)
        case .notEqual, .differs: return try !areEqual(comparison.left, right)
        case .contains: return try contains(try evaluate(comparison.left), try evaluate(right))
        case .less, .greater, .atMost, .atLeast:
            if comparison.left.isTest || right.isTest { return false }
            let first = try evaluate(comparison.left)
            let second = try evaluate(right)
            guard let order = first.order(against: second) else { return try refuseOrder(first, second) }
            return switch comparator {
            case .less: order < 0
            case .greater: order > 0
            case .atMost: order <= 0
            default: order >= 0
            }
        }
    }

    /// Numbers and texts have an order among themselves but none with each other; what has no order at all is just not smaller.
    private func refuseOrder(_ left: LiquidValue, _ right: LiquidValue) throws(LiquidError) -> Bool {
        let leftIsNumber = Number(exactly: left) != nil
        let rightIsNumber = Number(exactly: right) != nil
        if leftIsNumber && right.string != nil || rightIsNumber && left.string != nil {
            throw LiquidError(
                .argument, "\(left.excerpt) and \(right.excerpt) cannot be compared; turn the text into a number with `| plus: 0`")
        }
        return false
    }

    private mutating func areEqual(_ left: Expression, _ right: Expression) throws(LiquidError) -> Bool {
        if left.isTest { return right.isTest ? false : Self.passes(try evaluate(right), left) }
        return try isEqual(try evaluate(left), to: right)
    }

    /// Whether a value equals an expression, which may be one of the tests `empty` and `blank`.
    mutating func isEqual(_ value: LiquidValue, to expression: Expression) throws(LiquidError) -> Bool {
        if expression.isTest { return Self.passes(value, expression) }
        let other = try evaluate(expression)
        try budget.read(bytes: min(value.comparedBytes, other.comparedBytes))
        return value.isEqual(to: other)
    }

    private static func passes(_ value: LiquidValue, _ test: Expression) -> Bool {
        if case .blank = test { value.isBlank } else { value.isEmpty }
    }

    private mutating func contains(_ container: LiquidValue, _ element: LiquidValue) throws(LiquidError) -> Bool {
        guard element.isTruthy else { return false }
        switch container {
        case .array(let elements):
            for candidate in elements {
                try budget.read(bytes: min(candidate.comparedBytes, element.comparedBytes))
                if candidate.isEqual(to: element) { return true }
            }
            return false
        case .object(let object): return element.string.flatMap { object[$0] } != nil
        case .range(let lower, let upper):
            guard case .integer(let value) = element else { return false }
            return lower <= value && value <= upper
        default:
            guard let text = container.string else { return false }
            let pattern = element.text(dialect.textStyle)
            try budget.read(bytes: text.utf8.count + pattern.utf8.count)
            return ByteSearch(pattern.utf8).firstIndex(in: Array(text.utf8), from: 0) != nil
        }
    }
}

extension Expression {
    /// Whether this is `empty` or `blank`, which ask something of the other side.
    var isTest: Bool {
        switch self {
        case .empty, .blank: true
        default: false
        }
    }

    fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
}

extension LiquidValue {
    /// `.size`, `.first` and `.last` of what has no property of that name.
    func command(_ name: String) -> LiquidValue? {
        switch (name, self) {
        case ("size", _): size.map { .integer($0) }
        case ("first", .array(let elements)): elements.first
        case ("last", .array(let elements)): elements.last
        case ("first", .object(let object)): object.count > 0 ? object.pair(at: 0) : nil
        case ("first", .range(let lower, _)): .integer(lower)
        case ("last", .range(_, let upper)): .integer(upper)
        default: nil
        }
    }

    /// Scalars of a text, elements of a list, members of an object; bytes of an integer, as Ruby has it.
    var size: Int? {
        switch self {
        case .string(let text), .escaped(let text), .trusted(let text): text.unicodeScalars.count
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .range(let lower, let upper): Self.count(from: lower, to: upper)
        case .integer, .bigInteger: 8
        default: nil
        }
    }

    /// Bytes that a comparison with this value may look at.
    var comparedBytes: Int {
        switch self {
        case .string(let text), .escaped(let text), .trusted(let text): text.utf8.count
        case .array, .object: approximateTextBytes
        default: 0
        }
    }
}
