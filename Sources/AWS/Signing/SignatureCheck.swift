package import FoundationEssentials
package import Transport

/// Checks the signatures of requests that arrive (AWS Signature Version 4), in the `Authorization` header or in a presigned query.
///
/// A pure function of request, keys and time, in steps, because the last one may need the hash of a body that is still to come:
/// ``claim(of:)`` reads what a request says of itself, ``admit(_:at:)`` whether its key and time are good, and
/// ``verify(_:of:payloadHash:at:)`` proves it.
package struct SignatureCheck: Sendable {
    /// A request as it came over the wire.
    package struct Request: Sendable {
        let method: String
        /// Percent-encoded, as in the request line.
        let path: String
        let query: String?
        /// `Host` included.
        let headers: HTTPHeaders

        package init(method: String, path: String, query: String?, headers: HTTPHeaders) {
            (self.method, self.path, self.query, self.headers) = (method, path, query, headers)
        }
    }

    /// What a request says of its signature.
    package struct Claim: Sendable {
        package let accessKeyID: String
        package let scope: SigningScope
        let signedNames: [String]
        let signature: String
        /// Seconds that a presigned URL lasts; `nil` for a signature in the header.
        let lifetimeSeconds: Int?
        /// What was signed for the body: its SHA-256 in hexadecimal, `UNSIGNED-PAYLOAD` or a `STREAMING-…` form; `nil` when the request
        /// does not say, so that the body's hash has to be taken.
        package let payloadHash: String?

        /// The hash that the body must have; `nil` when its bytes are not signed, or are signed piece by piece within it.
        package var expectedBodyHash: String? {
            guard let payloadHash, payloadHash.utf8.count == 64 else { return nil }
            return payloadHash
        }
    }

    /// Why a request is refused.
    package enum Refusal: Error, Hashable, Sendable {
        /// There is no signature.
        case unsigned
        /// A part is missing or not in its form.
        case malformed(String)
        case unknownKey(String)
        /// The time of signing is more than 15 minutes away.
        case skewed(signed: String, now: String)
        /// A presigned URL that no longer opens anything.
        case expired
        case wrongSignature
    }

    /// Minutes that clocks may differ by, in seconds.
    static let skewSeconds: TimeInterval = 15 * 60
    static let maximumLifetimeSeconds = 604_800

    private let keys: [AWSCredentials]

    package init(keys: [AWSCredentials]) { self.keys = keys }

    // MARK: The claim

    /// - Throws: ``Refusal`` `.unsigned` or `.malformed`.
    package static func claim(of request: Request) throws(Refusal) -> Claim {
        let authorizations = request.headers.fields.filter { $0.name.lowercased() == "authorization" }
        if let authorization = authorizations.first, authorization.value.hasPrefix(SigningScope.algorithm) {
            guard authorizations.count == 1 else { throw .malformed("there is more than one Authorization header") }
            return try claim(inHeader: authorization.value, of: request)
        }
        let parameters = try parameters(of: request)
        guard parameters["X-Amz-Signature"] != nil || parameters["X-Amz-Algorithm"] != nil else { throw .unsigned }
        try requireNoAuthorization(in: request)
        return try claim(in: parameters, of: request)
    }

    /// What a query proves, a header could claim to be for another service: as on AWS there is one way to sign a request.
    ///
    /// - Throws: ``Refusal`` `.malformed`.
    static func requireNoAuthorization(in request: Request) throws(Refusal) {
        guard request.headers["Authorization"] == nil else {
            throw .malformed("the request is signed in its query and has an Authorization header besides")
        }
    }

    private static func claim(inHeader authorization: String, of request: Request) throws(Refusal) -> Claim {
        var parts: [String: String] = [:]
        for part in authorization.dropFirst(SigningScope.algorithm.count).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, parts.updateValue(String(pair[1]), forKey: String(pair[0])) == nil else {
                throw .malformed("the Authorization header is not Credential=…, SignedHeaders=…, Signature=…")
            }
        }
        guard let credential = parts["Credential"], let names = parts["SignedHeaders"], let signature = parts["Signature"] else {
            throw .malformed("the Authorization header needs Credential, SignedHeaders and Signature")
        }
        guard let timestamp = request.headers["X-Amz-Date"] else { throw .malformed("there is no X-Amz-Date header") }
        let (key, scope) = try scope(credential, timestamp)
        return Claim(
            accessKeyID: key, scope: scope, signedNames: try signedNames(names, of: request), signature: signature,
            lifetimeSeconds: nil, payloadHash: try payload(request.headers["X-Amz-Content-SHA256"]))
    }

    private static func claim(in parameters: [String: String], of request: Request) throws(Refusal) -> Claim {
        guard parameters["X-Amz-Algorithm"] == SigningScope.algorithm else {
            throw .malformed("X-Amz-Algorithm must be \(SigningScope.algorithm)")
        }
        guard let credential = parameters["X-Amz-Credential"], let timestamp = parameters["X-Amz-Date"],
            let names = parameters["X-Amz-SignedHeaders"], let signature = parameters["X-Amz-Signature"]
        else { throw .malformed("the query needs X-Amz-Credential, X-Amz-Date, X-Amz-SignedHeaders and X-Amz-Signature") }
        guard let lifetime = parameters["X-Amz-Expires"].flatMap({ Int($0) }), (1...maximumLifetimeSeconds).contains(lifetime)
        else {
            throw .malformed("X-Amz-Expires must be between 1 and \(maximumLifetimeSeconds) seconds")
        }
        let (key, scope) = try scope(credential, timestamp)
        let said = try payload(request.headers["X-Amz-Content-SHA256"] ?? parameters["X-Amz-Content-Sha256"])
        return Claim(
            accessKeyID: key, scope: scope, signedNames: try signedNames(names, of: request), signature: signature,
            lifetimeSeconds: lifetime, payloadHash: said ?? (scope.service == "s3" ? CanonicalRequest.unsignedPayload : nil))
    }

    /// A parameter that stands twice could be read as one value here and another elsewhere.
    private static func parameters(of request: Request) throws(Refusal) -> [String: String] {
        var parameters: [String: String] = [:]
        for parameter in (request.query ?? "").split(separator: "&") {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0]), name.hasPrefix("X-Amz-") else { continue }
            guard let value = PercentEncoding.decode(pair.count == 2 ? pair[1] : ""),
                parameters.updateValue(value, forKey: name) == nil
            else { throw .malformed("\(name) stands twice in the query, or is not UTF-8") }
        }
        return parameters
    }

    private static func scope(_ credential: String, _ timestamp: String) throws(Refusal) -> (key: String, scope: SigningScope) {
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, parts[4] == "aws4_request", !parts.contains("") else {
            throw .malformed("Credential must be KEY/DATE/REGION/SERVICE/aws4_request")
        }
        guard timestamp.wholeMatch(of: #/[0-9]{8}T[0-9]{6}Z/#) != nil else {
            throw .malformed("X-Amz-Date must be YYYYMMDD'T'HHMMSS'Z'")
        }
        guard timestamp.hasPrefix(parts[1]), parts[1].utf8.count == 8 else {
            throw .malformed("the date in Credential is not that of X-Amz-Date")
        }
        return (parts[0], SigningScope(timestamp: timestamp, region: parts[2], service: parts[3]))
    }

    /// What is not signed may have been added on the way: the host and all of AWS's own headers must be.
    private static func signedNames(_ list: String, of request: Request) throws(Refusal) -> [String] {
        let names = list.split(separator: ";").map { $0.lowercased() }
        let needed = Set(request.headers.fields.map { $0.name.lowercased() }).filter { $0.hasPrefix("x-amz-") }.union(["host"])
        let missing = needed.subtracting(names).sorted()
        guard missing.isEmpty else { throw .malformed("headers that must be signed are not: \(missing.joined(separator: ", "))") }
        return names
    }

    private static func payload(_ text: String?) throws(Refusal) -> String? {
        guard let text else { return nil }
        let isHash = text.utf8.count == 64 && text.utf8.allSatisfy { Unicode.Scalar($0).properties.isASCIIHexDigit }
        guard isHash || text == CanonicalRequest.unsignedPayload || text.hasPrefix("STREAMING-") else {
            throw .malformed("X-Amz-Content-SHA256 is neither a SHA-256 in hexadecimal, UNSIGNED-PAYLOAD nor a STREAMING- form")
        }
        return text
    }

    // MARK: The proof

    /// What can be told without the body: whether the key is known and the time right.
    ///
    /// - Throws: ``Refusal`` `.unknownKey`, `.skewed` or `.expired`.
    package func admit(_ claim: Claim, at now: Date) throws(Refusal) {
        _ = try secret(of: claim.accessKeyID)
        guard let signed = Self.time(claim.scope.timestamp) else { throw .malformed("X-Amz-Date is no time") }
        let age = now.timeIntervalSince(signed)
        guard age >= -Self.skewSeconds, claim.lifetimeSeconds != nil || age <= Self.skewSeconds else {
            throw .skewed(signed: claim.scope.timestamp, now: SigningScope.timestamp(now))
        }
        if let lifetime = claim.lifetimeSeconds, age > TimeInterval(lifetime) { throw .expired }
    }

    /// - Parameter payloadHash: The SHA-256 of the body in hexadecimal, where the claim does not say what was signed.
    /// - Precondition: The claim is of this request, and there is a payload hash in one of the two.
    /// - Throws: ``Refusal``.
    package func verify(_ claim: Claim, of request: Request, payloadHash: String? = nil, at now: Date) throws(Refusal) {
        guard let hash = claim.payloadHash ?? payloadHash else { preconditionFailure("the body's hash is missing") }
        try admit(claim, at: now)
        let canonical = CanonicalRequest(
            method: request.method, path: request.path, query: request.query, headers: request.headers,
            signedNames: claim.signedNames, payloadHash: hash, service: claim.scope.service)
        let expected = claim.scope.signature(canonical, secretAccessKey: try secret(of: claim.accessKeyID))
        guard Self.areEqual(expected, claim.signature) else { throw .wrongSignature }
    }

    func secret(of accessKeyID: String) throws(Refusal) -> Secret {
        guard let key = keys.first(where: { $0.accessKeyID.utf8.elementsEqual(accessKeyID.utf8) }) else {
            throw .unknownKey(accessKeyID)
        }
        return key.secretAccessKey
    }

    private static func time(_ timestamp: String) -> Date? {
        let digits = timestamp.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.map {
            String(UnicodeScalar($0))
        }
        func number(_ range: Range<Int>) -> String { digits[range].joined() }
        let text = "\(number(0..<4))-\(number(4..<6))-\(number(6..<8))T\(number(8..<10)):\(number(10..<12)):\(number(12..<14))Z"
        return try? Date.ISO8601FormatStyle().parse(text)
    }

    /// Takes the same time wherever the two differ.
    private static func areEqual(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
