package import GroundTruth
package import LabelingJobs
import Storage

/// Teams, the people in them, and the links that let them in.
extension OwnerDesk {
    /// Days after which a link may expire.
    package static let linkDays = 1...3650

    /// The teams, and what else a new job depends on: the region of its ARNs, and where its outputs go when nobody says it (`null`:
    /// somebody has to).
    package func teams() async throws(JobError) -> JSONOutput {
        let teams: [JSONOutput] = try await store.teamSizes().map { name, arn, count in
            ["arn": .string(arn), "members": .int(count), "name": .string(name)]
        }
        return [
            "output": engine.objects is FolderStore ? "s3://labeling/jobs" : .null, "region": .string(engine.account.region),
            "teams": .array(teams),
        ]
    }

    /// - Throws: ``JobError`` `.invalid`, `.inUse`, `.limitExceeded`.
    package func makeTeam(_ name: String) async throws(JobError) -> JSONOutput {
        ["arn": .string(try await store.makeTeam(name, account: engine.account, at: now))]
    }

    /// - Throws: ``JobError`` `.notFound`, or `.inUse` for the team of an unfinished job.
    package func deleteTeam(_ name: String) async throws(JobError) -> JSONOutput {
        try await store.deleteTeam(named: name)
        return [:]
    }

    /// The people of a team, by mail address.
    ///
    /// - Throws: ``JobError`` `.notFound`.
    package func members(of team: String) async throws(JobError) -> JSONOutput {
        let members: [JSONOutput] = try await store.members(of: team).map { worker in
            ["id": .string(worker.id), "mail": worker.mail.map { .string($0) } ?? .null]
        }
        return ["members": .array(members)]
    }

    /// - Parameter days: Until the links expire; `nil`: they do not.
    /// - Returns: The people named, with their links.
    /// - Throws: ``JobError`` `.notFound`, or `.invalid` for what is no mail address.
    package func add(_ mails: [String], to team: String, days: Int?) async throws(JobError) -> JSONOutput {
        let workers = try await store.addMembers(mails, to: team, region: engine.account.region, at: now)
        return links(of: workers, days: days)
    }

    /// - Throws: ``JobError`` `.notFound` for an unknown team or somebody who is not in it; then nobody is taken out.
    package func remove(_ mails: [String], from team: String) async throws(JobError) -> JSONOutput {
        try await store.removeMembers(mails, from: team)
        return [:]
    }

    /// - Parameters:
    ///   - mails: Whose links; empty for those of all.
    ///   - isNew: End the links and sessions that these people have.
    /// - Throws: ``JobError`` `.notFound` for an unknown team or somebody who is not in it.
    package func links(of team: String, _ mails: [String], days: Int?, isNew: Bool) async throws(JobError) -> JSONOutput {
        let wanted = mails.map { $0.lowercased() }
        var workers = try await store.members(of: team)
        for (mail, lowercased) in zip(mails, wanted) where !workers.contains(where: { $0.mail == lowercased }) {
            throw JobError(.notFound, "\(mail) is not in the team \(team)")
        }
        if !wanted.isEmpty { workers.removeAll { !wanted.contains($0.mail ?? "") } }
        if isNew {
            for index in workers.indices { workers[index] = try await store.renewSecret(of: workers[index]) }
        }
        return links(of: workers, days: days)
    }

    /// The open link to the public work team.
    ///
    /// - Parameter isNew: End the link that there was, and the sessions that it opened.
    package func publicLink(days: Int?, isNew: Bool) async throws(JobError) -> JSONOutput {
        let pass = try await WorkerLinks.publicPass(store, expires: expiry(days), isNew: isNew)
        return ["links": [["name": .string(AccessPass.publicTeam), "pass": .string("\(pass)")]]]
    }

    private func links(of workers: [Worker], days: Int?) -> JSONOutput {
        let expires = expiry(days)
        let links: [JSONOutput] = workers.map { worker in
            ["name": .string(worker.mail ?? worker.id), "pass": .string("\(worker.pass(for: .link, expires: expires))")]
        }
        return ["links": .array(links)]
    }

    private func expiry(_ days: Int?) -> Timestamp? { days.map { now.adding(seconds: $0 * 86_400) } }

    // MARK: Workers

    /// Leaves a worker's answers out of a job.
    ///
    /// - Returns: How many.
    /// - Throws: ``JobError`` `.notFound`.
    package func exclude(_ worker: String, from job: String) async throws(JobError) -> JSONOutput {
        ["answers": .int(try await store.exclude(worker, from: job, at: now))]
    }

    /// Removes a person from the store and from the outputs of all jobs.
    ///
    /// - Returns: A receipt: the jobs and files, and nothing of the person but the id.
    /// - Throws: ``JobError`` `.outputFailed`; called again, it goes on where it was.
    package func forget(_ worker: String) async throws(JobError) -> JSONOutput {
        let now = now
        let removed = try await store.forget(worker, at: now)
        let erasure = WorkerErasure(store: engine.objects, worker: worker)
        var files: [JSONOutput] = []
        for job in try await store.jobs() { files += try await erasure.erase(from: job).map { .string("\($0)") } }
        try await store.eraseAgain(worker)
        return [
            "answers": .int(removed.map(\.answers).reduce(0, +)), "date": .string(now.answerDate), "files": .array(files),
            "jobs": .array(removed.map { .string($0.job) }), "worker": .string(worker),
        ]
    }
}
