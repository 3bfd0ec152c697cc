/// What the finder decided.
struct AbstractFinding: Hashable, Sendable {
    enum Evidence: Hashable, Sendable {
        /// A heading word over the block or at its start.
        case heading(String)
        /// No heading; the block's place and form.
        case form
    }

    /// Lines of the abstract in reading order, one list for each part of the page; a heading run into the first line included.
    var parts: [[LayoutLine]]
    var evidence: Evidence
    /// What was seen where the last part ends.
    var ending: BlockEnding
    /// How sure the layout and the few words read make it, 0...1.
    var confidence: Double
    var reason: String

    /// The confidence once all lines have been read: a follower at which the text was cut is as good as one seen before.
    func confidence(endsAt follower: String?) -> Double {
        guard follower != nil, case .heading = evidence else { return confidence }
        return max(confidence, Self.sureHeading)
    }

    /// With a heading above and a heading that ends it.
    static let sureHeading = 0.98
    /// With a heading above; the end follows from the layout.
    static let heading = 0.9
}

/// Why a block of lines ends where it does.
enum BlockEnding: Hashable, Sendable, CustomStringConvertible {
    case follower(String)
    case whiteSpace
    case otherType
    case otherWidth
    case columnsBegin
    case rule
    case columnEnds

    var description: String {
        switch self {
        case .follower(let word): "before \"\(word)\""
        case .whiteSpace: "at white space"
        case .otherType: "where the size of type changes"
        case .otherWidth: "where the width of lines changes"
        case .columnsBegin: "where two columns begin"
        case .rule: "at a rule"
        case .columnEnds: "at the column's end"
        }
    }
}
