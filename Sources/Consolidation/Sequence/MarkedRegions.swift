/// A layer's answers as tags, without the cells that nobody marked.
///
/// A *region* is a maximal run of cells each of which some worker marked. Everything else lies outside every span by definition (a
/// consolidated span always has someone who marked it), so it enters the models as counts, and time and memory go with what was
/// marked.
///
/// A worker's tag is coded with whether the worker was inside a span in the cell before:
/// `code = (wasInside ? choices : 0) + choice`, where the choice is 0 for outside, `1 + label` for the begin of a span, `labels + 1`
/// to go on.
struct MarkedRegions: Sendable {
    struct Region: Sendable {
        /// Its place among the regions.
        let index: Int
        /// Number of the document in the corpus.
        let document: Int
        let cells: Range<Int>
        /// Where its codes begin: a row for each cell and one for the cell after, each with one code a worker.
        let firstCode: Int
        /// Where its cells begin among the cells of all regions.
        let offset: Int
        /// The labels someone gave here, ascending, as a range of ``MarkedRegions/regionLabels``.
        let labels: Range<Int>
    }

    let labelCount: Int
    let workerCount: Int
    let wordCount: Int
    var choiceCount: Int { labelCount + 2 }
    var codeCount: Int { 2 * choiceCount }
    var cellCount: Int { words.count }

    private(set) var regions: [Region] = []
    private(set) var codes: [UInt16] = []
    /// Word numbers of the regions' cells; -1 where unknown.
    private(set) var words: [Int32] = []
    private(set) var regionLabels: [Int32] = []
    /// By worker: cells the worker saw that lie in no region and in no row after one.
    private(set) var outsideCells: [Double]
    /// By word: how often it stands outside all regions.
    private(set) var outsideWords: [Double]
    /// Steps from one cell outside all regions to the next.
    private(set) var outsideSteps = 0.0

    init(_ layer: Layer, corpus: Corpus) {
        labelCount = layer.labels.count
        workerCount = corpus.workerIDs.count
        wordCount = corpus.wordCount
        outsideCells = [Double](repeating: 0, count: corpus.workerIDs.count)
        outsideWords = [Double](repeating: 0, count: corpus.wordCount)
        var localLabel = [Int32](repeating: 0, count: corpus.labels.count)
        for (local, label) in layer.labels.enumerated() { localLabel[Int(label)] = Int32(local) }
        for (number, document) in corpus.documents.enumerated() {
            append(document, number: number, spans: layer.spans[number], localLabel: localLabel)
        }
    }

    func labels(of region: Region) -> ArraySlice<Int32> { regionLabels[region.labels] }

    /// Cells in workers' spans over the number of spans.
    var meanLength: Double {
        var (cells, begins) = (0, 0)
        for code in codes {
            let choice = Int(code) % choiceCount
            if choice > 0 { cells += 1 }
            if (1...labelCount).contains(choice) { begins += 1 }
        }
        return begins > 0 ? Double(cells) / Double(begins) : 0
    }

    private mutating func append(_ document: Corpus.Document, number: Int, spans: [[CellSpan]], localLabel: [Int32]) {
        let workerCount = document.workers.count
        var next = [Int](repeating: 0, count: workerCount)
        var end = 0
        var rows = 0
        for stretch in Self.stretches(spans) {
            countOutside(document, end..<stretch.lowerBound)
            let firstCode = codes.count
            codes.append(contentsOf: repeatElement(0, count: (stretch.count + 1) * workerCount))
            rows += stretch.count + 1
            var labels: Set<Int32> = []
            for worker in 0..<workerCount {
                while next[worker] < spans[worker].count, Int(spans[worker][next[worker]].start) < stretch.upperBound {
                    let span = spans[worker][next[worker]]
                    let label = localLabel[Int(span.label)]
                    write(
                        span.cells, label: Int(label),
                        at: firstCode + (Int(span.start) - stretch.lowerBound) * workerCount + worker,
                        rowLength: workerCount)
                    labels.insert(label)
                    next[worker] += 1
                }
            }
            let firstLabel = regionLabels.count
            regionLabels += labels.sorted()
            regions.append(
                Region(
                    index: regions.count, document: number, cells: stretch, firstCode: firstCode, offset: words.count,
                    labels: firstLabel..<regionLabels.count))
            if document.words.isEmpty {
                words.append(contentsOf: repeatElement(-1, count: stretch.count))
            } else {
                words += document.words[stretch]
            }
            end = stretch.upperBound
        }
        countOutside(document, end..<document.cellCount)
        // The row after a region that ends the document stands for no cell.
        for worker in document.workers { outsideCells[Int(worker)] += Double(max(0, document.cellCount - rows)) }
    }

    /// Writes a worker's span over zeros: the begin is added, as the cell may already say that a span went before it.
    private mutating func write(_ cells: Range<Int>, label: Int, at place: Int, rowLength: Int) {
        codes[place] += UInt16(1 + label)
        for row in 1..<cells.count + 1 {
            let choice = row == cells.count ? 0 : labelCount + 1
            codes[place + row * rowLength] = UInt16(choiceCount + choice)
        }
    }

    private mutating func countOutside(_ document: Corpus.Document, _ cells: Range<Int>) {
        outsideSteps += Double(max(0, cells.count - 1))
        guard !document.words.isEmpty else { return }
        for cell in cells where document.words[cell] >= 0 { outsideWords[Int(document.words[cell])] += 1 }
    }

    /// The unions of all workers' spans that overlap or touch.
    private static func stretches(_ spans: [[CellSpan]]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for span in spans.joined().sorted() {
            if let last = result.last, Int(span.start) <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, Int(span.end))
            } else {
                result.append(span.cells)
            }
        }
        return result
    }
}

extension MarkedRegions {
    /// Calls `body` with each cell of a region and each worker's tag there: 0 outside, `1 + 2 label` at a begin, `2 + 2 label` further on.
    func forEachTag(of region: Region, workers: Int, _ body: (_ cell: Int, _ worker: Int, _ tag: Int) -> Void) {
        var tags = [Int](repeating: 0, count: workers)
        for cell in 0..<region.cells.count {
            let row = region.firstCode + cell * workers
            for worker in 0..<workers {
                let choice = Int(codes[row + worker]) % choiceCount
                if choice == 0 {
                    tags[worker] = 0
                } else if choice <= labelCount {
                    tags[worker] = 2 * choice - 1
                } else {
                    tags[worker] += tags[worker] % 2
                }
                body(cell, worker, tags[worker])
            }
        }
    }
}
