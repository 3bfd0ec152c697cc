import FoundationEssentials
import Transport

/// Fetches credentials from their source.
struct CredentialsFetcher: Sendable {
    /// Link-local endpoints answer at once or not at all.
    private static let metadataDeadline: Duration = .seconds(2)

    let transport: any HTTPTransport
    let sts: STSClient

    func fetch(_ source: CredentialsSource) async throws(AWSError) -> AWSCredentials {
        switch source {
        case .fixed(let credentials, _): return credentials
        case .role(let request, let base, _): return try await sts.assumeRole(request, with: try await fetch(base))
        case .webIdentity(let roleARN, let tokenFile, let sessionName, _):
            let token = Secret(try Self.text(ofFile: tokenFile, "the web identity token"))
            return try await sts.assumeRole(roleARN, withWebIdentity: token, sessionName: sessionName)
        case .container(let endpoint): return try await container(endpoint)
        case .instance(let endpoint): return try await instance(endpoint)
        }
    }

    private func container(_ endpoint: CredentialsSource.ContainerEndpoint) async throws(AWSError) -> AWSCredentials {
        var headers = HTTPHeaders()
        if let file = endpoint.tokenFile {
            headers["Authorization"] = try Self.text(ofFile: file, "the container's authorization token")
        } else if let token = endpoint.token {
            headers["Authorization"] = token.value
        }
        return try Self.credentials(
            parsing: try await metadata("GET", endpoint.url, headers, name: "container credentials"), name: "container credentials")
    }

    /// IMDSv2: a session token first, then the name of the instance's role, then its credentials.
    private func instance(_ endpoint: HTTPURL) async throws(AWSError) -> AWSCredentials {
        let name = "instance metadata"
        func url(_ path: String) -> HTTPURL {
            HTTPURL(scheme: endpoint.scheme, authority: endpoint.authority, path: path)
        }
        let token: [UInt8]
        do {
            token = try await metadata(
                "PUT", url("/latest/api/token"), ["X-aws-ec2-metadata-token-ttl-seconds": "21600"], name: name)
        } catch {
            // Nobody answers there: this is no instance, and it was the last place to look.
            throw error.code == .unreachable ? CredentialsSource.noCredentials : error
        }
        let headers: HTTPHeaders = ["X-aws-ec2-metadata-token": String(decoding: token, as: UTF8.self)]
        let path = "/latest/meta-data/iam/security-credentials/"
        let roles = String(decoding: try await metadata("GET", url(path), headers, name: name), as: UTF8.self)
        guard let role = roles.split(whereSeparator: \.isNewline).first else {
            throw AWSError(.noCredentials, "the instance has no role")
        }
        let document = try await metadata("GET", url(path + PercentEncoding.encode(role)), headers, name: name)
        return try Self.credentials(parsing: document, name: name)
    }

    private func metadata(
        _ method: String, _ url: HTTPURL, _ headers: HTTPHeaders, name: String
    ) async throws(AWSError) -> [UInt8] {
        var request = OutgoingRequest(method, url, headers: headers, deadline: Self.metadataDeadline)
        if method == "PUT" { request.body = .bytes([]) }
        request.usesProxy = false
        do {
            let response = try await transport.send(request)
            let body = try await response.body.collect(atMost: 1 << 16)
            guard response.status == 200 else {
                throw AWSError(
                    .noCredentials, "\(name): \(url.redacted) answers with HTTP status \(response.status)", status: response.status)
            }
            return body
        } catch let error as TransportError {
            throw AWSError(error, name: name)
        } catch let error as AWSError {
            throw error
        } catch {
            throw AWSError(.badResponse, "\(name): \(error)")
        }
    }

    /// The document of container and instance endpoints.
    private struct Document: Decodable {
        let code, accessKeyID, secretAccessKey, token, expiration: String?

        enum CodingKeys: String, CodingKey {
            case code = "Code", accessKeyID = "AccessKeyId", secretAccessKey = "SecretAccessKey", token = "Token"
            case expiration = "Expiration"
        }
    }

    private static func credentials(parsing body: [UInt8], name: String) throws(AWSError) -> AWSCredentials {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(body)), document.code ?? "Success" == "Success",
            let id = document.accessKeyID, let secret = document.secretAccessKey
        else { throw AWSError(.badResponse, "\(name): the response holds no credentials") }
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: Secret(secret), sessionToken: document.token.map { Secret($0) },
            expiration: try document.expiration.map { text throws(AWSError) in try expiration(text, name: name) })
    }

    /// A time such as `2026-01-01T00:00:00Z`, with or without fractions of a second.
    static func expiration(_ text: String, name: String) throws(AWSError) -> Date {
        guard
            let date = (try? Date(text, strategy: .iso8601))
                ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        else { throw AWSError(.badResponse, "\(name): the expiration `\(text)` is no time") }
        return date
    }

    private static func text(ofFile path: String, _ name: String) throws(AWSError) -> String {
        guard let text = SmallFile.text(of: path, atMost: 1 << 16) else {
            throw AWSError(.badSetting, "\(name) cannot be read from \(path)")
        }
        return String(text.split(whereSeparator: \.isNewline).first ?? "")
    }
}
