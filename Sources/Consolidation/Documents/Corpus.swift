import Annotations

/// A span in cells, its label by number.
struct CellSpan: Hashable, Comparable, Sendable {
    let start: Int32
    let end: Int32
    let label: Int32

    var cells: Range<Int> { Int(start)..<Int(end) }
    func overlaps(_ other: Self) -> Bool { start < other.end && other.start < end }

    /// By start, then end, then label.
    static func < (left: Self, right: Self) -> Bool {
        (left.start, left.end, left.label) < (right.start, right.end, right.label)
    }
}

/// All answers to a set of documents in numbers, in an order of their own: documents by id, workers and labels by their bytes. What is
/// computed from a corpus does not depend on the order of lines and workers it was made from, to the last bit.
struct Corpus: Sendable {
    struct Document: Sendable {
        /// Its place in the input.
        let index: Int
        let cellCount: Int
        /// Word numbers by cell; empty when words are not known. Cells between tokens have -1.
        let words: [Int32]
        /// Ascending.
        let workers: [Int32]
        /// For each of `workers` its spans, sorted, without repeats.
        let spans: [[CellSpan]]
    }

    let documents: [Document]
    let workerIDs: [String]
    let labels: [Label]
    /// Number of different words.
    let wordCount: Int
    /// Cells times the workers who saw them, over all documents.
    let judgementCount: Int

    /// - Parameter grids: The documents' cells, in their order.
    /// - Complexity: O(n log n) for n tokens, spans and answers.
    init<Position>(_ documents: [AnsweredDocument<Position>], grids: [TokenGrid<Position>]) {
        let workerIDs = Set(documents.lazy.flatMap { $0.answers.lazy.map { Array($0.workerID.utf8) } })
            .sorted { $0.lexicographicallyPrecedes($1) }
        let labels = Set(documents.lazy.flatMap { $0.answers.lazy.flatMap { $0.spans.lazy.map(\.label) } }).sorted()
        let numberOfWorker = Dictionary(uniqueKeysWithValues: workerIDs.enumerated().map { ($1, Int32($0)) })
        let numberOfLabel = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, Int32($0)) })
        let vocabulary = Vocabulary(documents.lazy.map(\.words))
        let numbered = documents.indices.map { index in
            let (document, grid) = (documents[index], grids[index])
            var spansOfWorker: [Int32: [CellSpan]] = [:]
            for answer in document.answers {
                let worker = numberOfWorker[Array(answer.workerID.utf8)] ?? 0
                spansOfWorker[worker, default: []] += answer.spans.map { span in
                    let cells = grid.cells(of: span)
                    return CellSpan(
                        start: Int32(cells.lowerBound), end: Int32(cells.upperBound), label: numberOfLabel[span.label] ?? 0)
                }
            }
            let workers = spansOfWorker.keys.sorted()
            return Document(
                index: index, cellCount: grid.cells.count,
                words: document.words.isEmpty ? [] : vocabulary.numbers(of: document.words, cells: grid.tokenOfCell),
                workers: workers, spans: workers.map { Self.sortedUnique(spansOfWorker[$0] ?? []) })
        }
        self.documents = numbered.sorted { left, right in
            Self.precedes(left, right, documents[left.index].id, documents[right.index].id)
        }
        self.workerIDs = workerIDs.map { String(decoding: $0, as: UTF8.self) }
        self.labels = labels
        wordCount = vocabulary.count
        judgementCount = numbered.reduce(0) { $0 + $1.cellCount * $1.workers.count }
    }

    private static func sortedUnique(_ spans: [CellSpan]) -> [CellSpan] {
        var result: [CellSpan] = []
        result.reserveCapacity(spans.count)
        for span in spans.sorted() where span != result.last { result.append(span) }
        return result
    }

    /// By id; documents of one id by what they hold, so that their order in the input does not matter.
    private static func precedes(_ left: Document, _ right: Document, _ leftID: String, _ rightID: String) -> Bool {
        if !leftID.utf8.elementsEqual(rightID.utf8) { return leftID.utf8.lexicographicallyPrecedes(rightID.utf8) }
        if left.cellCount != right.cellCount { return left.cellCount < right.cellCount }
        if left.words != right.words { return left.words.lexicographicallyPrecedes(right.words) }
        if left.workers != right.workers { return left.workers.lexicographicallyPrecedes(right.workers) }
        for (leftSpans, rightSpans) in zip(left.spans, right.spans) where leftSpans != rightSpans {
            return leftSpans.lexicographicallyPrecedes(rightSpans)
        }
        return left.index < right.index
    }
}
