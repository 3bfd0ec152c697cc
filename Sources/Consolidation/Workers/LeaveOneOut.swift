/// What the others of a document's workers say, for each worker of it: the sequence model's tables, learnt from all, read without that
/// worker's answers.
struct LeaveOneOut: Sendable {
    /// One worker's answer to one document, against what the others say.
    struct Comparison: Sendable {
        let document: Int
        let worker: Int32
        /// Sorted, label numbers of the corpus.
        let marked: [CellSpan]
        let consensus: [CellSpan]
    }

    /// By document and worker, for documents with two workers or more.
    let comparisons: [Comparison]

    /// - Complexity: That of one round of ``SequenceModel`` for each worker of a document.
    init(_ corpus: Corpus) {
        var consensus = corpus.documents.map { $0.workers.map { _ in [CellSpan]() } }
        let layers = Layers(corpus)
        for layer in layers.layers {
            let regions = MarkedRegions(layer, corpus: corpus)
            let model = SequenceModel(regions, corpus: corpus, usesWords: true)
            let threshold = TagChances(model).bestThreshold()
            var lattice = Lattice()
            for region in regions.regions where corpus.documents[region.document].workers.count > 1 {
                for place in corpus.documents[region.document].workers.indices {
                    model.fill(&lattice, region, leavingOut: place)
                    lattice.runForward()
                    lattice.runBackward()
                    let chances = TagChances(lattice, labelCount: regions.labelCount)
                    consensus[region.document][place] += chances.runs(regions, region, at: 0, threshold: threshold).map { run in
                        let start = region.cells.lowerBound
                        return CellSpan(
                            start: Int32(start + run.rows.lowerBound), end: Int32(start + run.rows.upperBound),
                            label: layer.labels[run.label])
                    }
                }
            }
        }
        var comparisons: [Comparison] = []
        for (number, document) in corpus.documents.enumerated() where document.workers.count > 1 {
            for (place, worker) in document.workers.enumerated() {
                comparisons.append(
                    Comparison(
                        document: number, worker: worker, marked: document.spans[place],
                        consensus: consensus[number][place].sorted()))
            }
        }
        self.comparisons = comparisons
    }
}
