import FoundationEssentials
import GRDB

extension JobStore {
    // MARK: Members of teams

    /// Takes people into a team; who is no worker yet becomes one.
    ///
    /// - Returns: The people named, in order, each once.
    /// - Throws: ``JobError`` `.notFound` for an unknown team, `.invalid` for what is no mail address.
    package func addMembers(
        _ mails: [String], to team: String, region: String, at now: Timestamp
    ) async throws(JobError) -> [Worker] {
        let mails = try mails.map(Worker.mail)
        return try await write { database in
            let team = try Self.teamID(team, in: database)
            var workers: [Worker] = []
            for mail in mails where !workers.contains(where: { $0.mail == mail }) {
                let worker = try Self.worker("mail = ?", mail, in: database) ?? Worker(mail: mail, region: region)
                try Self.insert(worker, at: now, in: database)
                try database.execute(
                    sql: "INSERT OR IGNORE INTO member (team, worker) VALUES (?, ?)", arguments: [team, worker.id])
                workers.append(worker)
            }
            return workers
        }
    }

    /// Takes people out of a team. They stay workers: what they answered stands, and other teams keep them.
    ///
    /// - Throws: ``JobError`` `.notFound` for an unknown team or somebody who is not in it; then nobody is taken out.
    package func removeMembers(_ mails: [String], from team: String) async throws(JobError) {
        let mails = try mails.map(Worker.mail)
        try await write { database in
            let team = (name: team, id: try Self.teamID(team, in: database))
            for mail in mails {
                try database.execute(
                    sql: "DELETE FROM member WHERE team = ? AND worker = (SELECT id FROM worker WHERE mail = ?)",
                    arguments: [team.id, mail])
                guard database.changesCount > 0 else { throw JobError(.notFound, "\(mail) is not in the team \(team.name)") }
            }
        }
    }

    /// The people of a team, by mail address.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func members(of team: String) async throws(JobError) -> [Worker] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT \(Worker.columns) FROM worker JOIN member ON worker = id WHERE team = ? ORDER BY mail",
                arguments: [try Self.teamID(team, in: database)]
            ).map { Worker($0) }
        }
    }

    /// Ends a worker's links and sessions.
    ///
    /// - Returns: The worker with the new secret.
    package func renewSecret(of worker: Worker) async throws(JobError) -> Worker {
        try await write { database in
            try database.execute(
                sql: "UPDATE worker SET secret = ? WHERE id = ?", arguments: [Data(makeSecret()), worker.id])
            guard let worker = try Self.worker("id = ?", worker.id, in: database) else {
                throw JobError(.notFound, "there is no worker \(worker.id)")
            }
            return worker
        }
    }

    private static func teamID(_ name: String, in database: Database) throws -> Int64 {
        guard let id = try Int64.fetchOne(database, sql: "SELECT id FROM team WHERE key = ?", arguments: [name.lowercased()]) else {
            throw JobError(.notFound, "there is no team \(name)")
        }
        return id
    }

    private static func worker(_ condition: String, _ argument: String, in database: Database) throws -> Worker? {
        try Row.fetchOne(database, sql: "SELECT \(Worker.columns) FROM worker WHERE \(condition)", arguments: [argument])
            .map { Worker($0) }
    }

    private static func insert(_ worker: Worker, at now: Timestamp, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO worker (id, mail, secret, created) VALUES (?, ?, ?, ?)",
            arguments: [worker.id, worker.mail, Data(worker.secret), now.milliseconds])
    }

    // MARK: Letting workers in

    /// The worker whom a pass lets in; `nil` when it lets in nobody, or the holder is unknown.
    package func worker(
        showing pass: AccessPass, for purpose: AccessPass.Purpose, at now: Timestamp
    ) async throws(JobError) -> Worker? {
        let worker = try await read { try Self.worker("id = ?", pass.holder, in: $0) }
        return worker.flatMap { pass.isValid(for: purpose, secret: $0.secret, at: now) ? $0 : nil }
    }

    /// The member of a team with a mail address; `nil` for an address that no team has.
    ///
    /// - Parameter mail: Letters of ASCII count as small ones, and no others: letters that others turn into could be somebody else's.
    package func teamMember(mail: String) async throws(JobError) -> Worker? {
        let mail = String(decoding: mail.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
        return try await read { database in
            try Self.worker("mail = ? AND id IN (SELECT worker FROM member)", mail, in: database)
        }
    }

    /// Makes a worker for somebody who came by the open link.
    package func makePublicWorker(region: String, at now: Timestamp) async throws(JobError) -> Worker {
        let worker = Worker(mail: nil, region: region)
        try await write { try Self.insert(worker, at: now, in: $0) }
        return worker
    }

    // MARK: Jobs of a worker

    /// The worker's jobs that run, the oldest first. What others hold is counted, and not shown.
    package func jobs(of worker: Worker, at now: Timestamp) async throws(JobError) -> [WorkerJob] {
        try await read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM job WHERE status IN (?, ?) AND \(Self.isOpenToWorker) ORDER BY created, id",
                arguments: [JobStatus.inProgress.rawValue, JobStatus.initializing.rawValue, worker.isPublic, worker.id])
            return try rows.map { try Self.view(of: try JobRecord($0), for: worker, at: now, in: database) }
        }
    }

    /// One of the worker's jobs, whether it runs or not.
    ///
    /// - Throws: ``JobError`` `.notFound` also for a job of other teams: of those a worker is told nothing.
    package func job(named name: String, for worker: Worker, at now: Timestamp) async throws(JobError) -> WorkerJob {
        try await requireAccess(to: name, for: worker)
        let job = try await job(named: name)
        return try await read { try Self.view(of: job, for: worker, at: now, in: $0) }
    }

    /// - Throws: ``JobError`` `.notFound` unless the job is one of the worker's.
    package func requireAccess(to name: String, for worker: Worker) async throws(JobError) {
        let isOpen = try await read { database in
            try Bool.fetchOne(
                database, sql: "SELECT 1 FROM job WHERE key = ? AND \(Self.isOpenToWorker)",
                arguments: [name.lowercased(), worker.isPublic, worker.id])
        }
        guard isOpen != nil else { throw JobError(.notFound, "none of your teams has a job \(name)") }
    }

    /// The worker's answers to a job, the last one first.
    package func answers(of worker: Worker, to job: JobRecord, limit: Int) async throws(JobError) -> [OwnAnswer] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT t.number, t.submitted, o.state IN (?, ?) AS open FROM task AS t
                    JOIN object AS o ON o.job = t.job AND o.number = t.number
                    WHERE t.worker = ? AND t.job = ? AND t.state = ? ORDER BY t.submitted DESC, t.number DESC LIMIT ?
                    """,
                arguments: [
                    ObjectState.available.rawValue, ObjectState.answered.rawValue, worker.id, job.id, TaskState.submitted.rawValue,
                    limit,
                ])
            return rows.map { row in
                let isOpen: Bool = row["open"]
                return OwnAnswer(
                    number: row["number"], submitted: Timestamp(milliseconds: row["submitted"]),
                    isOpen: isOpen && job.status == .inProgress)
            }
        }
    }

    /// For whom came by the open link the jobs of the public team, for others those of their teams. Two arguments: whether it is the
    /// former, and the id.
    private static let isOpenToWorker = """
        CASE WHEN ? THEN workteam LIKE 'arn:%:394669845002:workteam/public-crowd/default' ELSE
        workteam IN (SELECT arn FROM team JOIN member ON team = id WHERE worker = ?) END
        """

    private static func view(of job: JobRecord, for worker: Worker, at now: Timestamp, in database: Database) throws -> WorkerJob {
        let latest = now.adding(seconds: -job.settings.availabilitySeconds).milliseconds
        let open = try Row.fetchOne(
            database,
            sql: """
                SELECT count(*) AS count, min(available) AS oldest FROM object AS o INDEXED BY object_open
                WHERE job = ? AND state = ? AND open > 0 AND available > ? AND NOT EXISTS (SELECT 1 FROM task
                WHERE job = o.job AND number = o.number AND worker = ? AND state IN (?, ?, ?))
                """,
            arguments: [
                job.id, ObjectState.available.rawValue, latest, worker.id, TaskState.accepted.rawValue,
                TaskState.submitted.rawValue,
                TaskState.declined.rawValue,
            ])
        let held = try Row.fetchOne(
            database, sql: "SELECT number, expires FROM task WHERE worker = ? AND job = ? AND state = ? AND expires > ?",
            arguments: [worker.id, job.id, TaskState.accepted.rawValue, now.milliseconds])
        let answered = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM task WHERE worker = ? AND job = ? AND state = ?",
            arguments: [worker.id, job.id, TaskState.submitted.rawValue])
        let openCount: Int = open?["count"] ?? 0
        let counts = try Self.objectCounts(of: job.id, in: database)
        let pendingCount = ObjectState.pending.reduce(0) { $0 + (counts[$1] ?? 0) }
        let oldest: Int64? = open?["oldest"]
        return WorkerJob(
            job: job, openCount: openCount, answeredCount: answered ?? 0,
            held: held.map { ($0["number"], Timestamp(milliseconds: $0["expires"])) },
            openUntil: oldest.map { Timestamp(milliseconds: $0).adding(seconds: job.settings.availabilitySeconds) },
            waitingCount: counts[.new] ?? 0,
            elsewhereCount: max(0, pendingCount - openCount - (held == nil ? 0 : 1)))
    }

    /// An object's line as it came.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func line(of job: JobRecord, _ number: Int) async throws(JobError) -> String {
        try await read { database in
            guard
                let line = try String.fetchOne(
                    database, sql: "SELECT line FROM object WHERE job = ? AND number = ?", arguments: [job.id, number])
            else { throw JobError(.notFound, "the job \(job.name) has no object \(number)") }
            return line
        }
    }

    // MARK: Settings

    /// A secret of this store, made when it is asked for the first time.
    ///
    /// - Parameter isNew: Replaces the one that is there: what it signed is no longer valid.
    package func secret(_ secret: StoreSecret, isNew: Bool = false) async throws(JobError) -> [UInt8] {
        try await write { database in
            try database.execute(
                sql: "INSERT OR \(isNew ? "REPLACE" : "IGNORE") INTO setting (name, value) VALUES (?, ?)",
                arguments: [secret.rawValue, Data(makeSecret())])
            let value = try Data.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [secret.rawValue])
            guard let value else { throw JobError(.storeFailed, "the setting \(secret.rawValue) cannot be read back") }
            return Array(value)
        }
    }
}

/// What a store's secrets are for.
package enum StoreSecret: String, Sendable {
    /// Signs the open link to the public team.
    case publicLink = "public-link-secret"
    /// Signs links to objects in a data folder.
    case readLinks = "read-link-secret"
    /// Signs what ties an answer of a provider to the browser that asked it.
    case signIn = "sign-in-secret"
}
