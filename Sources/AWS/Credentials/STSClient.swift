import FoundationEssentials
import Transport

/// The Security Token Service: credentials of roles.
struct STSClient: Sendable {
    let caller: ServiceCaller
    let endpoint: HTTPURL
    let region: String
    let policy: RetryPolicy

    /// - Throws: ``AWSError``; where the role does not trust the caller, AWS's message names both.
    func assumeRole(
        _ request: CredentialsSource.RoleRequest, with credentials: AWSCredentials
    ) async throws(AWSError) -> AWSCredentials {
        var parameters = [
            ("Action", "AssumeRole"), ("RoleArn", request.roleARN), ("RoleSessionName", request.sessionName),
            ("DurationSeconds", "\(request.durationSeconds)"),
        ]
        if let externalID = request.externalID { parameters.append(("ExternalId", externalID)) }
        let signer = RequestSigner(credentials: credentials, region: region, service: "sts")
        return try await assume(request.roleARN, parameters, signer: signer)
    }

    func assumeRole(
        _ roleARN: String, withWebIdentity token: Secret, sessionName: String
    ) async throws(AWSError) -> AWSCredentials {
        let parameters = [
            ("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", roleARN), ("RoleSessionName", sessionName),
            ("WebIdentityToken", token.value),
        ]
        return try await assume(roleARN, parameters, signer: nil)
    }

    private func assume(
        _ roleARN: String, _ parameters: [(String, String)], signer: RequestSigner?
    ) async throws(AWSError) -> AWSCredentials {
        let name = "the role \(roleARN) cannot be taken on"
        let form = ([("Version", "2011-06-15")] + parameters).map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        var url = endpoint
        if url.path.isEmpty { url.path = "/" }
        var request = OutgoingRequest(
            "POST", url, headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: .bytes(Array(form.utf8)))
        var attempts = Attempts(policy)
        while true {
            request.deadline = min(attempts.remaining, policy.stallTimeout)
            do throws(AWSError) {
                let response = try await caller.send(request, signer: signer, name: name)
                return try await Self.credentials(in: response, name: name)
            } catch {
                try await attempts.waitToRetry(after: error)
            }
        }
    }

    private static func credentials(in response: IncomingResponse, name: String) async throws(AWSError) -> AWSCredentials {
        let body: [UInt8]
        do { body = try await response.body.collect(atMost: 1 << 18) } catch { throw AWSError(error, name: name) }
        let found = try XMLElement(parsing: body).first("Credentials")
        guard let found, let id = found["AccessKeyId"]?.text, let secret = found["SecretAccessKey"]?.text,
            let token = found["SessionToken"]?.text
        else { throw AWSError(.badResponse, "\(name): the response holds no credentials") }
        let expiration = try found["Expiration"].map { element throws(AWSError) in
            try CredentialsFetcher.expiration(element.text, name: name)
        }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: Secret(token), expiration: expiration)
    }
}
