/// The states of the truth in one cell.
///
/// 0 is outside; `1 + 2 l` where a span of label l begins and `2 + 2 l` further inside it; the last three are outside, too, but near a
/// span: its approach, the end right after it, and its wake. They let workers who begin too early or run on too long be told from those
/// who mark something else, so that edges on which workers agree say where a span begins and ends. Without them the best account of
/// long, raggedly marked spans is "true is where workers begin to mark", which is of no use.
struct TagStates: Sendable {
    let labelCount: Int

    var count: Int { 4 + 2 * labelCount }
    /// Shortly before a span.
    var approach: Int { count - 3 }
    /// The cell right after a span.
    var end: Int { count - 2 }
    /// Further after a span.
    var wake: Int { count - 1 }

    static func begin(_ label: Int) -> Int { 1 + 2 * label }
    static func inside(_ label: Int) -> Int { 2 + 2 * label }

    func isMarked(_ state: Int) -> Bool { state > 0 && state < approach }

    /// An approach leads to a begin; a span goes on with its own label, into another one's begin or to its end; the wake follows the
    /// end.
    func allows(_ from: Int, to state: Int) -> Bool {
        if from == approach { return state == approach || isMarked(state) && state % 2 == 1 }
        if state == end { return isMarked(from) }
        if state == wake { return from == end || from == wake }
        if !isMarked(state) { return !isMarked(from) }
        return state % 2 == 1 || from == state || from == state - 1
    }

    /// The states that a region can be in, outside first, those near spans last.
    func states(labels: some Sequence<Int32>) -> [Int] {
        var states = [0]
        for label in labels { states += [Self.begin(Int(label)), Self.inside(Int(label))] }
        return states + [approach, end, wake]
    }
}
