/// What a template can name or write down: `5`, `'text'`, `task.input['source-ref']`, `(1..n)`.
enum Expression: Sendable {
    case literal(LiquidValue)
    /// `empty` and `blank`: tests in a comparison, the empty text elsewhere.
    case empty, blank
    case path(Path)
    indirect case range(Expression, Expression)
}

/// A variable and the way into it.
final class Path: Sendable {
    enum Root: Sendable {
        case name(LiquidName)
        /// `[expression]`: the variable whose name the expression gives.
        case computed(Expression)
    }

    enum Step: Sendable {
        /// `.name`, which may also be `size`, `first` or `last`.
        case property(LiquidName)
        /// `[expression]`.
        case index(Expression)
    }

    let root: Root
    let steps: [Step]
    /// Whether the root is, or may turn out to be, `forloop` or `tablerowloop`.
    let mayBeLoop: Bool

    init(root: Root, steps: [Step]) {
        (self.root, self.steps) = (root, steps)
        mayBeLoop = if case .name(let name) = root { LoopState.names.contains(name.text) } else { true }
    }
}

/// An expression and the filters behind it.
final class FilteredExpression: Sendable {
    let expression: Expression
    let filters: [FilterCall]
    /// Whether an `escape` stands behind the filters, which an output does while it prints.
    let endsInEscape: Bool
    /// Where it stands in its template.
    let offset: Int

    init(expression: Expression, filters: [FilterCall], endsInEscape: Bool = false, offset: Int) {
        (self.expression, self.filters, self.endsInEscape, self.offset) = (expression, filters, endsInEscape, offset)
    }
}

final class FilterCall: Sendable {
    let filter: Filter
    let arguments: [Expression]
    /// The argument `allow_false` of `default`, the only one with a name.
    let allowsFalse: Expression?
    let offset: Int

    init(filter: Filter, arguments: [Expression], allowsFalse: Expression?, offset: Int) {
        (self.filter, self.arguments, self.allowsFalse, self.offset) = (filter, arguments, allowsFalse, offset)
    }
}

/// Comparisons joined by `and` and `or`, which bind alike and to the right: `a and b or c` is `a and (b or c)`.
struct Condition: Sendable {
    final class Comparison: Sendable {
        let left: Expression
        /// Without one the left side's truth counts.
        let right: (operator: Operator, expression: Expression)?
        /// How the next comparison is joined; `nil` for the last.
        let conjunction: Conjunction?

        init(left: Expression, right: (operator: Operator, expression: Expression)?, conjunction: Conjunction?) {
            (self.left, self.right, self.conjunction) = (left, right, conjunction)
        }
    }

    enum Operator: String, Sendable {
        case equal = "==", notEqual = "!=", differs = "<>", less = "<", greater = ">", atMost = "<=", atLeast = ">=", contains
    }

    enum Conjunction: String, Sendable { case and, or }

    let comparisons: [Comparison]
    let offset: Int
}
