import FoundationEssentials
import Transport

/// A response that was read whole.
struct ServiceResponse: Sendable {
    let headers: HTTPHeaders
    let body: [UInt8]
}

extension AWSSession {
    /// Calls a service until it answers with a status below 300, or there is no hope.
    ///
    /// - Parameters:
    ///   - service: The signing name, such as `sqs`.
    ///   - region: The region to sign for; `nil` is the settings' one.
    ///   - name: What is called, for errors.
    ///   - policy: `nil` is the session's. An attempt ends at its stall timeout.
    func call(
        _ request: OutgoingRequest, service: String, region: String? = nil, name: String, maximumBytes: Int = 1 << 20,
        policy: RetryPolicy? = nil
    ) async throws(AWSError) -> ServiceResponse {
        let policy = policy ?? self.policy
        var attempts = Attempts(policy)
        var known = try await credentials.credentials(rejecting: nil)
        var isRefreshed = false
        while true {
            do throws(AWSError) {
                let signer = RequestSigner(credentials: known, region: region ?? settings.region.value, service: service)
                var request = request
                request.deadline = min(attempts.remaining, policy.stallTimeout)
                let response = try await caller.send(request, signer: signer, name: name)
                do {
                    return ServiceResponse(headers: response.headers, body: try await response.body.collect(atMost: maximumBytes))
                } catch {
                    throw AWSError(error, name: name)
                }
            } catch {
                if error.isAboutCredentials, error.code != .noCredentials, !isRefreshed {
                    let other = try await credentials.credentials(rejecting: known)
                    guard other != known else { throw error }
                    (known, isRefreshed) = (other, true)
                } else {
                    try await attempts.waitToRetry(after: error)
                }
            }
        }
    }

    /// Where a service answers to `POST /`.
    func rootURL(of service: String) throws(AWSError) -> HTTPURL {
        var url = try settings.endpoint(of: service).value
        if url.path.isEmpty { url.path = "/" }
        return url
    }

    /// A call in the query protocol.
    ///
    /// - Returns: The element `ACTIONResult` of the answer.
    func query(
        _ action: String, of service: String, version: String, _ parameters: [(name: String, value: String)], name: String
    ) async throws(AWSError) -> XMLElement {
        let all = [("Action", action), ("Version", version)] + parameters
        let form = all.map { "\(PercentEncoding.encode($0))=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let request = OutgoingRequest(
            "POST", try rootURL(of: service), headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
            body: .bytes(Array(form.utf8)))
        let response = try await call(request, service: service, name: name)
        let document = try XMLElement(parsing: response.body)
        return document["\(action)Result"] ?? document
    }

    /// A call in the JSON protocol.
    func json<Answer: Decodable>(
        _ target: String, of service: String, _ members: some Encodable, as: Answer.Type, name: String
    ) async throws(AWSError) -> Answer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let body = try? encoder.encode(members) else {
            preconditionFailure("the members of \(target) are texts and numbers, which can be encoded")
        }
        let request = OutgoingRequest(
            "POST", try rootURL(of: service), headers: ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target],
            body: .bytes(Array(body)))
        // Ten messages of 256 KB, whose every byte may be escaped.
        let response = try await call(request, service: service, name: name, maximumBytes: 16 << 20)
        do {
            return try JSONDecoder().decode(Answer.self, from: Data(response.body.isEmpty ? Array("{}".utf8) : response.body))
        } catch {
            throw AWSError(.badResponse, "\(name): the response is not in the form it must have")
        }
    }
}
