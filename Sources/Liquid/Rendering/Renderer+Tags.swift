extension Renderer {
    // MARK: Loops

    mutating func render(_ loop: Loop) throws(LiquidError) {
        offset = loop.offset
        let collection = try evaluate(loop.collection)
        let start: Int =
            switch loop.start {
            case nil: 0
            case .whereLastEnded: scope.loopEnds[loop.name] ?? 0
            case .expression(let expression): try loopNumber(expression, "`offset`") ?? 0
            }
        let limit: Int? = if let expression = loop.limit { try loopNumber(expression, "`limit`") } else { nil }
        let items = LoopItems(collection, start: start, limit: limit)
        scope.loopEnds[loop.name] = start.addingReportingOverflow(items.count).partialValue
        guard items.count > 0 else { return try render(loop.alternative) }

        let index = scope.loops.count
        scope.loops.append(LoopState(kind: .list(name: loop.name.text, parent: scope.enclosingLoop), count: items.count))
        scope.frames.append(Scope.Frame(variables: [(loop.variable, .null)], loop: index))
        for turn in 0..<items.count {
            try budget.spend(1)
            scope.loops[index].index = turn
            scope.frames[scope.frames.count - 1].variables[0].value = items[loop.isReversed ? items.count - 1 - turn : turn]
            try render(loop.body)
            if takeBreak() { break }
        }
        scope.frames.removeLast()
        scope.loops.removeLast()
    }

    /// Takes a `break` or `continue` that arrived at its loop.
    ///
    /// - Returns: Whether the loop ends.
    private mutating func takeBreak() -> Bool {
        defer { interrupt = nil }
        if case .breakLoop? = interrupt { return true }
        return false
    }

    private mutating func loopNumber(_ expression: Expression, _ role: String) throws(LiquidError) -> Int? {
        let value = try evaluate(expression)
        return value.isNull ? nil : try value.integerArgument(role)
    }

    mutating func render(_ row: TableRow) throws(LiquidError) {
        offset = row.offset
        let collection = try evaluate(row.collection)
        guard collection.isTruthy else { return }
        let start: Int = if let expression = row.start { try rowNumber(expression) } else { 0 }
        let limit: Int? = if let expression = row.limit { try rowNumber(expression) } else { nil }
        let items = LoopItems(collection, start: start, limit: limit)
        let columns: Int = if let expression = row.columns { try rowNumber(expression) } else { items.count }

        try write(Array("<tr class=\"row1\">\n".utf8))
        let index = scope.loops.count
        scope.loops.append(LoopState(kind: .row(columns: columns), count: items.count))
        scope.frames.append(Scope.Frame(variables: [(row.variable, .null)], loop: index))
        for turn in 0..<items.count {
            try budget.spend(1)
            scope.loops[index].index = turn
            scope.frames[scope.frames.count - 1].variables[0].value = items[turn]
            let column = columns > 0 ? turn % columns : turn
            try write(Array("<td class=\"col\(column + 1)\">".utf8))
            try render(row.body)
            try write(Array("</td>".utf8))
            if takeBreak() { break }
            if column + 1 == columns, turn + 1 < items.count {
                try write(Array("</tr>\n<tr class=\"row\(turn / columns + 2)\">".utf8))
            }
        }
        scope.frames.removeLast()
        scope.loops.removeLast()
        try write(Array("</tr>\n".utf8))
    }

    /// A number of a table row: like Ruby's, more lenient than a loop's.
    private mutating func rowNumber(_ expression: Expression) throws(LiquidError) -> Int {
        let value = try evaluate(expression)
        switch value {
        case .null: return 0
        case .decimal(let number) where number.magnitude < 9e18: return Int(number)
        default:
            guard let text = value.string else { return try value.integerArgument("a number of `tablerow`") }
            let integer = try Number.leadingInteger(Array(text.utf8)[...], digits: budget.limits.digits)
            return integer.int ?? (integer.isNegative ? .min : .max)
        }
    }

    mutating func render(_ cycle: Cycle) throws(LiquidError) {
        offset = cycle.offset
        let group: LiquidName
        switch cycle.group {
        case .written(let identity): group = identity
        case .named(let expression):
            var identity: [UInt8] = []
            try evaluate(expression).appendIdentity(to: &identity)
            group = LiquidName(String(decoding: identity, as: UTF8.self))
        }
        let position = scope.cyclePositions[group] ?? 0
        // Another tag of this group may have had more values.
        if cycle.values.indices.contains(position) { try write(try evaluate(cycle.values[position])) }
        scope.cyclePositions[group] = position + 1 < cycle.values.count ? position + 1 : 0
    }

    // MARK: Partials

    mutating func include(_ inclusion: Inclusion) throws(LiquidError) {
        offset = inclusion.offset
        guard !scope.isIsolated else {
            throw LiquidError(.partial, "`include` cannot be used in a partial that `render` renders; use `render` there too")
        }
        let (partial, name) = try partial(of: inclusion)
        let subject: LiquidValue =
            if let (expression, _) = inclusion.subject { try evaluate(expression) } else { variable(LiquidName(name)) }
        var frame = Scope.Frame(variables: [], loop: nil)
        for argument in inclusion.arguments { frame.variables.append((argument.name, try evaluate(argument.value))) }
        frame.variables.append((inclusion.alias ?? Self.variableName(ofPartial: name), .null))

        scope.frames.append(frame)
        let items = if case .array(let elements) = subject { elements } else { [subject] }
        for item in items {
            try budget.spend(1)
            scope.frames[scope.frames.count - 1].variables[frame.variables.count - 1].value = item
            try render(partial)
            if interrupt != nil { break }
        }
        scope.frames.removeLast()
    }

    /// `render`: the partial sees the data and its arguments, nothing else, and leaves nothing behind.
    mutating func isolate(_ inclusion: Inclusion) throws(LiquidError) {
        offset = inclusion.offset
        let (partial, name) = try partial(of: inclusion)
        var variables: [(name: LiquidName, value: LiquidValue)] = []
        for argument in inclusion.arguments { variables.append((argument.name, try evaluate(argument.value))) }
        let variable = inclusion.alias ?? Self.variableName(ofPartial: name)
        guard let (expression, isLoop) = inclusion.subject else { return try render(partial, alone: variables) }
        let subject = try evaluate(expression)
        guard isLoop, subject.isIterable else {
            return try render(partial, alone: subject.isNull ? variables : variables + [(variable, subject)])
        }
        let items = LoopItems(subject, start: 0, limit: nil)
        for turn in 0..<items.count {
            try budget.spend(1)
            var state = LoopState(kind: .list(name: name, parent: nil), count: items.count)
            state.index = turn
            state.isOfRender = true
            try render(partial, alone: variables + [(variable, items[turn])], loop: state)
        }
    }

    private mutating func render(
        _ partial: Template, alone variables: [(name: LiquidName, value: LiquidValue)], loop: LoopState? = nil
    ) throws(LiquidError) {
        let outer = scope
        scope = Scope()
        scope.isIsolated = true
        scope.frames.append(Scope.Frame(variables: variables, loop: loop == nil ? nil : 0))
        if let loop { scope.loops.append(loop) }
        try render(partial)
        scope = outer
        interrupt = nil
    }

    private mutating func partial(of inclusion: Inclusion) throws(LiquidError) -> (Template, name: String) {
        let value = try evaluate(inclusion.name)
        guard let name = value.string else {
            throw LiquidError(.partial, "a partial's name must be a text, found \(value.excerpt)")
        }
        return (try partial(name), name)
    }

    /// `a/b` sets `b`.
    private static func variableName(ofPartial name: String) -> LiquidName {
        let last = name.utf8.split(separator: UInt8(ascii: "/")).last ?? name.utf8[...]
        return LiquidName(String(last) ?? name)
    }
}

/// The elements a loop goes through: a part of a list, of a range, or of an object's members.
struct LoopItems {
    private let collection: LiquidValue
    private let start: Int
    let count: Int

    /// - Parameters:
    ///   - start: Elements to pass over; below 0 counts as none, but takes its share of the limit.
    ///   - limit: At most so many.
    init(_ collection: LiquidValue, start: Int, limit: Int?) {
        self.collection = collection
        let size: Int
        switch collection {
        case .array(let elements): size = elements.count
        case .object(let object): size = object.count
        case .range(let lower, let upper): size = LiquidValue.count(from: lower, to: upper)
        default:
            // A text is one element, wherever the loop is to start.
            self.start = 0
            count = collection.string.map { $0.isEmpty ? 0 : 1 } ?? 0
            return
        }
        let (sum, overflow) = start.addingReportingOverflow(limit ?? 0)
        let end = limit == nil || (overflow && start > 0) ? size : overflow ? 0 : min(sum, size)
        self.start = max(start, 0)
        count = max(end - self.start, 0)
    }

    subscript(index: Int) -> LiquidValue {
        switch collection {
        case .array(let elements): elements[start + index]
        case .object(let object): object.pair(at: start + index)
        case .range(let lower, _): .integer(lower + start + index)
        default: collection
        }
    }
}

extension LiquidValue {
    fileprivate var isIterable: Bool {
        switch self {
        case .array, .object, .range: true
        default: false
        }
    }
}
