/// The links that let workers in.
package enum WorkerLinks {
    /// The address of a pass, as text, below a service's own address. The pass stands behind `#`, which no browser sends to a server and
    /// no server or proxy writes into a log.
    package static func link(_ pass: String, below service: String) -> String {
        "\(service.hasSuffix("/") ? String(service.dropLast()) : service)/portal/enter#\(pass)"
    }

    /// The open link to the public team.
    package static func publicPass(_ store: JobStore, expires: Timestamp?, isNew: Bool = false) async throws(JobError) -> AccessPass
    {
        let secret = try await store.secret(.publicLink, isNew: isNew)
        return AccessPass(AccessPass.publicTeam, for: .link, expires: expires, secret: secret)
    }
}
