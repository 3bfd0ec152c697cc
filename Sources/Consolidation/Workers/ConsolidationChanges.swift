package import Annotations

/// How consolidated spans differ from those that stood before, such as Ground Truth's own.
package struct ConsolidationChanges: Hashable, Sendable {
    package struct Counts: Hashable, Sendable {
        /// The same edges and label.
        package var kept = 0
        /// The same label, other edges that overlap.
        package var moved = 0
        /// The same edges, another label.
        package var relabeled = 0
        package var added = 0
        package var dropped = 0
    }

    private var counts: [Label: Counts] = [:]

    package init() {}

    /// By label; dropped spans under the label they had, all others under the one they have.
    package var labels: [(label: Label, counts: Counts)] {
        counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Counts a document. Each span counts once: spans that are left are matched in their order, same edges first.
    package mutating func add(before: [ScalarSpan], after: [ScalarSpan]) {
        let (old, new) = (Set(before), Set(after))
        for span in new.intersection(old) { counts[span.label, default: Counts()].kept += 1 }
        var gone = old.subtracting(new).sorted()
        var come = new.subtracting(old).sorted()
        match(&come, &gone) {
            $0.start == $1.start && $0.end == $1.end
        } count: {
            $0.relabeled += 1
        }
        match(&come, &gone) {
            $0.label == $1.label && $0.start < $1.end && $1.start < $0.end
        } count: {
            $0.moved += 1
        }
        for span in come { counts[span.label, default: Counts()].added += 1 }
        for span in gone { counts[span.label, default: Counts()].dropped += 1 }
    }

    private mutating func match(
        _ come: inout [ScalarSpan], _ gone: inout [ScalarSpan], where isPair: (ScalarSpan, ScalarSpan) -> Bool,
        count: (inout Counts) -> Void
    ) {
        come.removeAll { span in
            guard let place = gone.firstIndex(where: { isPair(span, $0) }) else { return false }
            gone.remove(at: place)
            count(&counts[span.label, default: Counts()])
            return true
        }
    }
}
