/// What a template can name or write down: `5`, `'text'`, `task.input['source-ref']`, `(1..n)`.
indirect enum Expression: Sendable {
    case literal(LiquidValue)
    /// `empty` and `blank`: tests in a comparison, the empty text elsewhere.
    case empty, blank
    case path(Path)
    case range(Expression, Expression)
}

/// A variable and the way into it.
final class Path: Sendable {
    enum Root: Sendable {
        case name(String)
        /// `[expression]`: the variable whose name the expression gives.
        case computed(Expression)
    }

    enum Step: Sendable {
        /// `.name`, which may also be `size`, `first` or `last`.
        case property(String)
        /// `[expression]`.
        case index(Expression)
    }

    let root: Root
    let steps: [Step]

    init(root: Root, steps: [Step]) { (self.root, self.steps) = (root, steps) }
}

/// An expression and the filters behind it.
final class FilteredExpression: Sendable {
    let expression: Expression
    let filters: [FilterCall]
    /// Where it stands in its template.
    let offset: Int

    init(expression: Expression, filters: [FilterCall], offset: Int) {
        (self.expression, self.filters, self.offset) = (expression, filters, offset)
    }
}

struct FilterCall: Sendable {
    let filter: Filter
    let arguments: [Expression]
    /// Only `default` has one: `allow_false`.
    let keywords: [(name: String, value: Expression)]
    let offset: Int
}

/// Comparisons joined by `and` and `or`, which bind alike and to the right: `a and b or c` is `a and (b or c)`.
struct Condition: Sendable {
    struct Comparison: Sendable {
        let left: Expression
        /// Without one the left side's truth counts.
        let right: (operator: Operator, expression: Expression)?
        /// How the next comparison is joined.
        var conjunction: Conjunction?
    }

    enum Operator: String, Sendable {
        case equal = "==", notEqual = "!=", differs = "<>", less = "<", greater = ">", atMost = "<=", atLeast = ">=", contains
    }

    enum Conjunction: String, Sendable { case and, or }

    let comparisons: [Comparison]
    let offset: Int
}
