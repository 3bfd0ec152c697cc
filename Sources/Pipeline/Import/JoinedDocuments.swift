import Annotations
import GroundTruth
import Storage
import TrainingData

/// Documents that may come in several rows, one a worker: rows of one id and text become one record, where the first stood. Of two
/// answers of one worker the later stands.
///
/// Records wait in a file; in memory stand their ids' digests and places.
final class JoinedDocuments {
    private let spool: LineSpool
    /// The rows of each record, in the order of first rows.
    private var records: [[Int]] = []
    private var known: [TextKey: Int] = [:]
    private var rows = 0

    init() throws { spool = try LineSpool() }

    func add(_ document: ImportedDocument) throws {
        // Without an id the text alone says what belongs together.
        let key = TextKey(DocumentText("\(document.id ?? "")\u{0}\(document.text.string)"), seed: 0)
        let isAnswer = !document.answers.isEmpty
        try spool.keep(document.line, at: rows)
        if let record = known[key], isAnswer {
            records[record].append(rows)
        } else {
            if isAnswer { known[key] = records.count }
            records.append([rows])
        }
        rows += 1
    }

    /// Hands over each record with the number of its entities, if it has any list of them, and of its answers.
    func forEach(_ body: (_ line: [UInt8], _ entities: Int?, _ answers: Int) throws -> Void) throws {
        for (number, rows) in records.enumerated() {
            var lines: [ManifestLine] = []
            for row in rows { if let line = try spool.line(at: row) { lines.append(try ManifestLine(parsing: line)) } }
            guard let first = lines.first else { preconditionFailure("record \(number) has no row") }
            var answers: [JSONValue] = []
            for line in lines {
                for answer in line["annotations"]?.array ?? [] {
                    let worker = answer["worker-id"]?.string
                    answers.removeAll { $0["worker-id"]?.string == worker }
                    answers.append(answer)
                }
            }
            let entities = lines.lazy.compactMap { $0["entities"] }.first
            var line = Array(first.raw)
            if lines.count > 1 {
                var members: [String: JSONOutput] = ["annotations": .array(answers.map { .raw($0) })]
                members["entities"] = entities.map { .raw($0) }
                line = first.setting(members)
            }
            try body(line, entities?.array?.count, answers.count)
        }
    }
}
