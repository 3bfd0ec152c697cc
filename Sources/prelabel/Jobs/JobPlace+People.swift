import GroundTruth
import Service

/// Teams, the people in them, and the links that let them in.
extension JobPlace {
    /// See ``OwnerDesk/teams()``.
    func teams() async throws -> JSONValue { try await answer(.get("teams")) { try await $0.teams() } }

    /// - Returns: The team's ARN.
    func makeTeam(_ name: String) async throws -> String {
        try await answer(.post("teams", body: ["name": .string(name)])) { try await $0.makeTeam(name) }.text("arn")
    }

    func deleteTeam(_ name: String) async throws { _ = try await answer(.delete("teams", name)) { try await $0.deleteTeam(name) } }

    func members(of team: String) async throws -> [JSONValue] {
        try await answer(.get("teams", team, "members")) { try await $0.members(of: team) }.list("members")
    }

    /// A worker, or `public`, and what lets in.
    struct Link {
        let name: String
        let pass: String

        fileprivate init(_ document: JSONValue) throws { (name, pass) = (try document.text("name"), try document.text("pass")) }
    }

    func add(_ mails: [String], to team: String, days: Int?) async throws -> [Link] {
        try await answer(.post("teams", team, "add", body: Self.body(mails, days: days))) {
            try await $0.add(mails, to: team, days: days)
        }.list("links").map { try Link($0) }
    }

    func remove(_ mails: [String], from team: String) async throws {
        _ = try await answer(.post("teams", team, "remove", body: Self.body(mails))) { try await $0.remove(mails, from: team) }
    }

    /// - Parameter mails: Whose links; empty for those of all.
    func links(of team: String, _ mails: [String] = [], days: Int?, isNew: Bool = false) async throws -> [Link] {
        try await answer(.post("teams", team, "links", body: Self.body(mails, days: days, isNew: isNew))) {
            try await $0.links(of: team, mails, days: days, isNew: isNew)
        }.list("links").map { try Link($0) }
    }

    func publicLink(days: Int?, isNew: Bool) async throws -> [Link] {
        try await answer(.post("public-link", body: Self.body([], days: days, isNew: isNew))) {
            try await $0.publicLink(days: days, isNew: isNew)
        }.list("links").map { try Link($0) }
    }

    /// - Returns: A receipt.
    func forget(_ worker: String) async throws -> JSONValue {
        try await answer(.delete("workers", worker)) { try await $0.forget(worker) }
    }

    private static func body(_ mails: [String], days: Int? = nil, isNew: Bool = false) -> JSONOutput {
        ["days": days.map { .int($0) } ?? .null, "members": .array(mails.map { .string($0) }), "renew": .bool(isNew)]
    }
}

/// Members that every document has, or it is not one of `prelabel serve`.
extension JSONValue {
    func text(_ name: String) throws -> String { try member(name, \.string) }
    func number(_ name: String) throws -> Int { try member(name, \.int) }
    func list(_ name: String) throws -> [JSONValue] { try member(name, \.array) }
    func part(_ name: String) throws -> JSONValue { try member(name) { $0.object == nil ? nil : $0 } }

    private func member<Value>(_ name: String, _ kind: (JSONValue) -> Value?) throws -> Value {
        guard let value = self[name].flatMap(kind) else { throw Self.strange(name) }
        return value
    }

    static func strange(_ name: String) -> CommandFailure {
        CommandFailure(
            status: .unavailable,
            message: "the service's answer has no `\(name)` as this version of prelabel expects it: is it another?")
    }
}
