/// The variables that the tags of one template see: those of `render` see their own.
struct Scope {
    /// Variables of a loop or a partial, gone when it ends.
    struct Frame {
        /// The loop's variable first; it is replaced at every turn.
        var variables: [(name: LiquidName, value: LiquidValue)]
        /// Position in ``loops`` of what `forloop` or `tablerowloop` means here.
        var loop: Int?
    }

    /// Set by `assign` and `capture`, whatever block they stand in.
    var assigned: [LiquidName: LiquidValue] = [:]
    var counters: [LiquidName: Int] = [:]
    var frames: [Frame] = []
    var loops: [LoopState] = []
    /// Where loops ended, for `offset: continue`.
    var loopEnds: [LiquidName: Int] = [:]
    var cyclePositions: [LiquidName: Int] = [:]
    /// What `ifchanged` printed last.
    var lastChanged: [UInt8]?
    /// Whether this is inside `render`, where `include` may not be used.
    var isIsolated = false

    /// The innermost `for` around the current place, not one around a `render`.
    var enclosingLoop: Int? {
        loops.indices.last { if case .list = loops[$0].kind { !loops[$0].isOfRender } else { false } }
    }
}

/// How far a loop is: what `forloop` and `tablerowloop` tell.
struct LoopState {
    enum Kind {
        case list(name: String, parent: Int?)
        case row(columns: Int)
    }

    let kind: Kind
    let count: Int
    /// From 0.
    var index = 0
    /// Whether `render … for` made it: its loop is not the parent of loops in the partial.
    var isOfRender = false

    /// The value of a property; `nil` for one there is not. `parentloop` is the renderer's, which has the loops.
    func property(_ name: String) -> LiquidValue? {
        switch name {
        case "length": return .integer(count)
        case "index": return .integer(index + 1)
        case "index0": return .integer(index)
        case "rindex": return .integer(count - index)
        case "rindex0": return .integer(count - index - 1)
        case "first": return .boolean(index == 0)
        case "last": return .boolean(index == count - 1)
        default: break
        }
        switch kind {
        case .list(let loopName, _): return name == "name" ? .string(loopName) : nil
        case .row(let columns):
            // Without a column to end at, all of it is one row.
            let column = columns > 0 ? index % columns : index
            switch name {
            case "col": return .integer(column + 1)
            case "col0": return .integer(column)
            case "col_first": return .boolean(column == 0)
            case "col_last": return .boolean(column + 1 == columns)
            case "row": return .integer((columns > 0 ? index / columns : 0) + 1)
            default: return nil
            }
        }
    }

    static let names = ["forloop", "tablerowloop"]

    static let listProperties = ["name", "length", "index", "index0", "rindex", "rindex0", "first", "last"]
    static let rowProperties = [
        "length", "index", "index0", "rindex", "rindex0", "first", "last", "col", "col0", "col_first", "col_last", "row",
    ]
}
