import GroundTruth
import LabelingJobs

/// Work teams, and the one private workforce that they belong to.
extension SageMakerOperations {
    func createWorkteam(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try checkWorkforce(request.present("WorkforceName")?.string)
        try checkMembers(request)
        let team = try await store.insertTeam(request, account: engine.account, at: engine.clock.now())
        return ["WorkteamArn": .string(team.arn)]
    }

    func describeWorkteam(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        ["Workteam": description(try await store.team(named: text(request, "WorkteamName")))]
    }

    func listWorkteams(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let (teams, next) = try await store.teams(try query(request))
        return page("Workteams", teams.map(description), next)
    }

    func updateWorkteam(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try checkMembers(request)
        let name = text(request, "WorkteamName")
        return ["Workteam": description(try await store.updateTeam(named: name, request, at: engine.clock.now()))]
    }

    func deleteWorkteam(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try await store.deleteTeam(named: text(request, "WorkteamName"))
        return ["Success": true]
    }

    private func description(_ team: TeamRecord) -> JSONOutput { team.description(portal: portal, account: engine.account) }

    private func checkMembers(_ request: JSONValue) throws(JobError) {
        var found: Set<String> = []
        for (index, definition) in (request.present("MemberDefinitions")?.array ?? []).enumerated() {
            let kinds = ["CognitoMemberDefinition", "OidcMemberDefinition"].filter { definition.present($0) != nil }
            guard kinds.count == 1 else {
                throw JobError(
                    .invalid,
                    "MemberDefinitions.\(index + 1) must have one of CognitoMemberDefinition and OidcMemberDefinition")
            }
            found.formUnion(kinds)
        }
        guard found.count < 2 else {
            throw JobError(
                .invalid,
                "MemberDefinitions has CognitoMemberDefinition and OidcMemberDefinition; a team's members are of one kind")
        }
    }

    // MARK: The workforce

    func listWorkforces(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        let part = request.present("NameContains")?.string?.lowercased()
        _ = try query(request)
        let isWanted = part.map { Workteam.workforceName.contains($0) } ?? true
        return ["Workforces": isWanted ? [workforce] : []]
    }

    func describeWorkforce(_ request: JSONValue) async throws(JobError) -> JSONOutput {
        try checkWorkforce(text(request, "WorkforceName"))
        return ["Workforce": workforce]
    }

    private var workforce: JSONOutput {
        var workforce: [String: JSONOutput] = [
            "Status": "Active", "WorkforceArn": .string(Workteam.workforceARN(in: engine.account)),
            "WorkforceName": .string(Workteam.workforceName),
        ]
        if let portal { workforce["SubDomain"] = .string(portal) }
        return .object(workforce)
    }

    private func checkWorkforce(_ name: String?) throws(JobError) {
        guard let name, !name.utf8.elementsEqual(Workteam.workforceName.utf8) else { return }
        throw JobError(.notFound, "There is no workforce \(name); the one there is is called \(Workteam.workforceName)")
    }
}
