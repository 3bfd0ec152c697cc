/// A piece of a parsed template. Everything but the tag is behind one pointer: nodes are copied while they are rendered.
enum Node: Sendable {
    case text([UInt8])
    /// `{{ … }}` and `echo`.
    case output(FilteredExpression)
    case assign(Assignment)
    case capture(Capture)
    /// `if` and `unless`.
    case branches([Branch])
    case choice(Choice)
    case loop(Loop)
    case tableRow(TableRow)
    case cycle(Cycle)
    case count(Counting)
    case include(Inclusion)
    case render(Inclusion)
    case ifChanged([Node])
    case interrupt(Interrupt)

    var isText: Bool { if case .text = self { true } else { false } }
}

enum Interrupt: Sendable { case breakLoop, continueLoop }

final class Assignment: Sendable {
    let name: LiquidName
    let value: FilteredExpression

    init(name: LiquidName, value: FilteredExpression) { (self.name, self.value) = (name, value) }
}

final class Capture: Sendable {
    let name: LiquidName
    let body: [Node]

    init(name: LiquidName, body: [Node]) { (self.name, self.body) = (name, body) }
}

/// `increment` prints before it counts, `decrement` after.
final class Counting: Sendable {
    let name: LiquidName
    let isIncrement: Bool

    init(name: LiquidName, isIncrement: Bool) { (self.name, self.isIncrement) = (name, isIncrement) }
}

final class Branch: Sendable {
    /// `nil` is `else`.
    let condition: Condition?
    /// `unless` asks for the opposite.
    let isNegated: Bool
    let body: [Node]

    init(condition: Condition?, isNegated: Bool, body: [Node]) {
        (self.condition, self.isNegated, self.body) = (condition, isNegated, body)
    }
}

final class Choice: Sendable {
    final class Alternative: Sendable {
        /// The values of a `when`; `nil` is `else`. A body renders once for each value that is equal.
        let values: [Expression]?
        let body: [Node]

        init(values: [Expression]?, body: [Node]) { (self.values, self.body) = (values, body) }
    }

    let subject: Expression
    let alternatives: [Alternative]
    let offset: Int

    init(subject: Expression, alternatives: [Alternative], offset: Int) {
        (self.subject, self.alternatives, self.offset) = (subject, alternatives, offset)
    }
}

final class Loop: Sendable {
    enum Offset: Sendable {
        case expression(Expression)
        /// Where the last loop of the same name ended.
        case whereLastEnded
    }

    let variable: LiquidName
    let collection: Expression
    /// Variable and collection as written: `forloop.name`, and what `offset: continue` goes by.
    let name: LiquidName
    let isReversed: Bool
    let limit: Expression?
    let start: Offset?
    let body: [Node]
    let alternative: [Node]
    let offset: Int

    init(header: LoopHeader, body: [Node], alternative: [Node]) {
        variable = LiquidName(header.variable)
        collection = header.collection
        name = LiquidName(header.name)
        isReversed = header.isReversed
        limit = header.limit
        start = header.start
        self.body = body
        self.alternative = alternative
        offset = header.offset
    }
}

/// What stands in a loop's opening tag.
struct LoopHeader {
    let variable: String
    let collection: Expression
    let name: String
    let offset: Int
    var isReversed = false
    var limit: Expression?
    var start: Loop.Offset?
    /// Only `tablerow` has it.
    var columns: Expression?
}

final class TableRow: Sendable {
    let variable: LiquidName
    let collection: Expression
    let columns: Expression?
    let limit: Expression?
    let start: Expression?
    let body: [Node]
    let offset: Int

    init(header: LoopHeader, start: Expression?, body: [Node]) {
        variable = LiquidName(header.variable)
        collection = header.collection
        columns = header.columns
        limit = header.limit
        self.start = start
        self.body = body
        offset = header.offset
    }
}

final class Cycle: Sendable {
    enum Group: Sendable {
        case named(Expression)
        /// Tags with the same literals share their position; a tag with a variable has its own.
        case written(LiquidName)
    }

    let group: Group
    let values: [Expression]
    let offset: Int

    init(group: Group, values: [Expression], offset: Int) { (self.group, self.values, self.offset) = (group, values, offset) }
}

/// `include` or `render`.
final class Inclusion: Sendable {
    let name: Expression
    /// `with` or `for`.
    let subject: (expression: Expression, isLoop: Bool)?
    let alias: LiquidName?
    let arguments: [(name: LiquidName, value: Expression)]
    let offset: Int

    init(
        name: Expression, subject: (expression: Expression, isLoop: Bool)?, alias: LiquidName?,
        arguments: [(name: LiquidName, value: Expression)], offset: Int
    ) {
        (self.name, self.subject, self.alias, self.arguments, self.offset) = (name, subject, alias, arguments, offset)
    }
}
