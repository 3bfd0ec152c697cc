import GRDB
import GroundTruth

extension JobStore {
    /// Makes a decision part of an object's label, and writes the job's outputs anew, also of a job that has ended. Decisions stay when
    /// the object is consolidated again.
    ///
    /// - Throws: ``JobError`` `.notFound`, or `.closed` for an object without a label.
    package func decide(_ decision: SpanDecision, on number: Int, of jobName: String, at now: Timestamp) async throws(JobError) {
        let choice = decision.choice.map { String(decoding: SpanDecision.document($0).bytes, as: UTF8.self) } ?? "null"
        let job = try await job(named: jobName)
        try await write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT state, output FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
            guard let row else { throw JobError(.notFound, "the job \(job.name) has no object \(number)") }
            guard ObjectState(rawValue: row["state"]) == .labeled, let output: String = row["output"] else {
                throw JobError(.closed, "object \(number) of \(job.name) has no label to decide about")
            }
            // What was decided here before gives way.
            try database.execute(
                sql: "DELETE FROM decision WHERE job = ? AND number = ? AND start < ? AND ? < end",
                arguments: [job.id, number, decision.place.upperBound, decision.place.lowerBound])
            try database.execute(
                sql: "INSERT INTO decision (job, number, start, end, choice, decided) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    job.id, number, decision.place.lowerBound, decision.place.upperBound, choice, decision.decided.milliseconds,
                ])
            try database.execute(
                sql: "UPDATE object SET output = ? WHERE job = ? AND number = ?",
                arguments: [try Self.decided(output, number, of: job, in: database), job.id, number])
            try Self.noteRevision(of: job.id, at: now, in: database)
        }
    }

    /// An output line with what was decided about its object.
    static func decided(_ line: String, _ number: Int, of job: JobRecord, in database: Database) throws -> String {
        let decisions = try decisions(on: number, of: job.id, in: database)
        guard !decisions.isEmpty else { return line }
        let parsed: ManifestLine
        do { parsed = try ManifestLine(parsing: line.utf8) } catch {
            throw JobError(.storeFailed, "the output line of object \(number) cannot be read: \(error)")
        }
        return String(decoding: SpanDecision.apply(decisions, to: parsed, attribute: job.settings.attribute), as: UTF8.self)
    }

    static func decisions(on number: Int, of job: Int64, in database: Database) throws -> [SpanDecision] {
        let statement = try database.cachedStatement(
            sql: "SELECT start, end, choice, decided FROM decision WHERE job = ? AND number = ? ORDER BY start")
        return try Row.fetchAll(statement, arguments: [job, number]).map { row in
            let (start, end, choice): (Int, Int, String) = (row["start"], row["end"], row["choice"])
            return SpanDecision(
                place: start..<end, choice: (try? JSONScanner.parse(choice.utf8)).flatMap { SpanDecision.span($0) },
                decided: Timestamp(milliseconds: row["decided"]))
        }
    }
}
