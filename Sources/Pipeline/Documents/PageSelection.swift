/// Pages of a document, such as `1`, `1-3`, `2-` or `1,3-5`; from 1.
package struct PageSelection: Hashable, Sendable {
    private let ranges: [ClosedRange<Int>]

    /// Every page.
    package static let all = PageSelection(ranges: [1...Int.max])

    private init(ranges: [ClosedRange<Int>]) { self.ranges = ranges }

    /// - Returns: `nil` for what is no selection.
    package init?(_ text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = ends.first.flatMap({ Int($0) }), first >= 1 else { return nil }
            let last = ends.count == 1 ? first : ends[1].isEmpty ? Int.max : Int(ends[1])
            guard let last, last >= first else { return nil }
            ranges.append(first...last)
        }
        self.init(ranges: ranges)
    }

    /// The lowest page.
    var first: Int { ranges.map(\.lowerBound).min() ?? 1 }

    func contains(_ page: Int) -> Bool { ranges.contains { $0.contains(page) } }
}
