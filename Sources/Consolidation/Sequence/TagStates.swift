/// The states of the truth in one cell: 0 outside; `1 + 2 l` where a span of label l begins; `2 + 2 l` further inside it; and the last
/// one, the *end*, for the cell right after a span.
///
/// The end is outside, too. It has a state of its own so that workers' ends that fall together say where a span ends as begins say
/// where it begins: outside alone would have to explain both those who stop in time and those who run on, and learns that running on is
/// nothing special, above all in long spans.
struct TagStates: Sendable {
    let labelCount: Int
    var count: Int { 2 + 2 * labelCount }
    var end: Int { count - 1 }

    static func begin(_ label: Int) -> Int { 1 + 2 * label }
    static func inside(_ label: Int) -> Int { 2 + 2 * label }

    func isMarked(_ state: Int) -> Bool { state > 0 && state < end }

    /// Going on is possible only from the same label; the end comes right after a span, outside never does.
    func allows(_ from: Int, to state: Int) -> Bool {
        if state == 0 { return !isMarked(from) }
        if state == end { return isMarked(from) }
        return state % 2 == 1 || from == state || from == state - 1
    }

    /// The states that a region can be in: outside, those of the labels its workers gave, and the end.
    func states(labels: some Sequence<Int32>) -> [Int] {
        var states = [0]
        for label in labels { states += [Self.begin(Int(label)), Self.inside(Int(label))] }
        return states + [end]
    }
}
