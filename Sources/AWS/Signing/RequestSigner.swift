import Crypto
package import FoundationEssentials
package import Transport

/// Signs requests to a service (AWS Signature Version 4): a pure function of request, credentials and time.
package struct RequestSigner: Sendable {
    /// What of the body is signed.
    package enum Payload: Sendable {
        /// The SHA-256 of the body, in lower-case hexadecimal.
        case sha256(String)
        case unsigned
    }

    /// Headers that proxies and clients change on the way.
    private static let unsignedNames: Set<String> = ["expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"]
    static let emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    package let credentials: AWSCredentials
    package let region: String
    /// The service's signing name, such as `s3` or `sts`.
    package let service: String

    package init(credentials: AWSCredentials, region: String, service: String) {
        (self.credentials, self.region, self.service) = (credentials, region, service)
    }

    /// The request with `X-Amz-Date`, `Authorization` and whatever belongs to them.
    ///
    /// - Parameter payload: By default the hash of the body's bytes, for which the body must not be a source.
    package func signed(_ request: OutgoingRequest, payload: Payload? = nil, at time: Date) -> OutgoingRequest {
        var request = request
        let scope = SigningScope(time: time, region: region, service: service)
        let payloadHash = Self.hash(payload, of: request.body)
        request.headers["X-Amz-Date"] = scope.timestamp
        if let token = credentials.sessionToken { request.headers["X-Amz-Security-Token"] = token.value }
        if service == "s3" { request.headers["X-Amz-Content-SHA256"] = payloadHash }
        let canonical = canonical(request.method, request.url, request.headers, payloadHash: payloadHash)
        let signature = scope.signature(canonical, secretAccessKey: credentials.secretAccessKey)
        request.headers["Authorization"] =
            "\(SigningScope.algorithm) Credential=\(credentials.accessKeyID)/\(scope.text), SignedHeaders=\(canonical.signedHeaders), "
            + "Signature=\(signature)"
        return request
    }

    /// A URL that answers without further credentials, for a time.
    ///
    /// - Parameters:
    ///   - headers: Headers that whoever uses the URL must send as they are here.
    ///   - lifetimeSeconds: 1 to 604,800.
    package func presigned(
        _ method: String, _ url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), lifetimeSeconds: Int, at time: Date
    ) -> HTTPURL {
        var url = url
        let scope = SigningScope(time: time, region: region, service: service)
        var parameters = [
            ("X-Amz-Algorithm", SigningScope.algorithm), ("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope.text)"),
            ("X-Amz-Date", scope.timestamp), ("X-Amz-Expires", "\(lifetimeSeconds)"),
            ("X-Amz-SignedHeaders", Self.names(headers).joined(separator: ";")),
        ]
        if let token = credentials.sessionToken { parameters.append(("X-Amz-Security-Token", token.value)) }
        let own = parameters.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        url.query = url.query.map { "\($0)&\(own)" } ?? own
        let payloadHash = service == "s3" ? CanonicalRequest.unsignedPayload : Self.emptySHA256
        let canonical = canonical(method, url, headers, payloadHash: payloadHash)
        let signature = scope.signature(canonical, secretAccessKey: credentials.secretAccessKey)
        url.query = "\(url.query ?? "")&X-Amz-Signature=\(signature)"
        return url
    }

    func canonical(_ method: String, _ url: HTTPURL, _ headers: HTTPHeaders, payloadHash: String) -> CanonicalRequest {
        var headers = headers
        headers["Host"] = url.authority
        return CanonicalRequest(
            method: method, path: url.path, query: url.query, headers: headers, signedNames: Self.names(headers),
            payloadHash: payloadHash, service: service)
    }

    private static func names(_ headers: HTTPHeaders) -> [String] {
        Set(headers.fields.map { $0.name.lowercased() }).subtracting(unsignedNames).union(["host"]).sorted()
    }

    private static func hash(_ payload: Payload?, of body: OutgoingRequest.Body) -> String {
        switch (payload, body) {
        case (.sha256(let hash), _): hash
        case (.unsigned, _): CanonicalRequest.unsignedPayload
        case (nil, .none): emptySHA256
        case (nil, .bytes(let bytes)): hexadecimal(SHA256.hash(data: bytes))
        case (nil, .source): preconditionFailure("the hash of a body that is read as it is sent must be given")
        }
    }
}
