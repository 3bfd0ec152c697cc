import Functions
import GroundTruth
package import Storage
package import Suggestions
import TrainingData

/// Orders the lines of a manifest, or of span JSON Lines, by what a model would learn from answers to them.
package struct TaskOrdering: Sendable {
    package struct Failure: Sendable {
        package let line: Int
        package let reason: String
    }

    private let store: any ObjectStore
    private let model: SuggestionModel

    package init(store: any ObjectStore, model: SuggestionModel) { (self.store, self.model) = (store, model) }

    /// - Parameter write: Takes each line as it was read, with an LF: the most informative first, then those without a text that
    ///   can be used, in their order.
    /// - Returns: Why texts could not be used.
    package func run(_ input: ObjectURI, write: ([UInt8]) throws -> Void) async throws -> [Failure] {
        let texts = ManifestTexts(store: store)
        let spool = try LineSpool()
        var uncertainties: [TextUncertainty] = []
        var places: [Int] = []
        var unusable: [Int] = []
        var failures: [Failure] = []
        try await store.forEachLine(of: input) { line in
            guard !line.isBlank else { return }
            let place = places.count + unusable.count
            try spool.keep(line.bytes + [0x0A], at: place)
            do throws(RecordError) {
                uncertainties.append(try await uncertainty(of: line, texts))
                places.append(place)
            } catch {
                unusable.append(place)
                failures.append(Failure(line: line.number, reason: "\(error)"))
            }
        }
        for place in InformationOrder.order(uncertainties).map({ places[$0] }) + unusable {
            if let line = try spool.line(at: place) { try write(line) }
        }
        return failures
    }

    private func uncertainty(of line: LineSplitter.Line, _ texts: ManifestTexts) async throws(RecordError) -> TextUncertainty {
        let manifestLine: ManifestLine
        do throws(ManifestError) { manifestLine = try ManifestLine(parsing: line.bytes) } catch {
            throw RecordError(error.code.rawValue, error.message)
        }
        guard DatasetReader.isSpanRecord(manifestLine) else { return model.uncertainty(of: try await texts.text(of: manifestLine)) }
        let record = try SpanRecord(parsing: line.bytes, number: line.number)
        return model.uncertainty(of: record.text, sentences: record.sentences)
    }
}
