import Crypto
package import FoundationEssentials
import Transport

/// A presigned URL of S3 in Signature Version 2, as boto3 makes it by default for the regions that S3 had before 2014.
///
/// Method, path, expiry, `x-amz-` headers, content type and MD5 are signed, and of the query those parameters that name a part of the
/// object or bucket.
package struct PresignedURLVersion2: Sendable {
    package let accessKeyID: String
    private let signature: [UInt8]
    /// Seconds since 1970-01-01 00:00 UTC.
    private let expires: Int64
    private let parameters: [(name: String, value: String?)]

    /// The names of its three parameters in the query.
    package static let parameterNames = ["AWSAccessKeyId", "Signature", "Expires"]

    private static let subresources: Set<String> = [
        "accelerate", "acl", "analytics", "cors", "defaultObjectAcl", "delete", "inventory", "lifecycle", "location", "logging",
        "metrics", "notification", "object-lock", "partNumber", "policy", "replication", "requestPayment", "response-cache-control",
        "response-content-disposition", "response-content-encoding", "response-content-language", "response-content-type",
        "response-expires", "restore", "select", "select-type", "storageClass", "tagging", "torrent", "uploadId", "uploads",
        "versionId", "versioning", "versions", "website",
    ]

    /// - Returns: `nil` for a query without a signature of this version, or when an `Authorization` header has one of Version 4.
    /// - Throws: `.malformed`. A query that is signed in both versions could be read as one here and the other elsewhere.
    package init?(_ request: SignatureCheck.Request) throws(SignatureCheck.Refusal) {
        guard request.headers["Authorization"]?.hasPrefix(SigningScope.algorithm) != true else { return nil }
        var parameters: [(name: String, value: String?)] = []
        for parameter in (request.query ?? "").split(separator: "&") {
            let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decode(pair[0]), let value = PercentEncoding.decode(pair.count == 2 ? pair[1] : "")
            else { throw .malformed("the query is not UTF-8") }
            parameters.append((name, pair.count == 2 ? value : nil))
        }
        let own = Self.parameterNames.map { name in parameters.filter { $0.name == name }.map { $0.value ?? "" } }
        guard !own.contains([]) else { return nil }
        try SignatureCheck.requireNoAuthorization(in: request)
        guard own.allSatisfy({ $0.count == 1 }), !parameters.contains(where: { $0.name.hasPrefix("X-Amz-") }),
            let signature = Data(base64Encoded: own[1][0]), let expires = Int64(own[2][0])
        else { throw .malformed("the query needs AWSAccessKeyId, Signature and Expires, each once, and nothing of Version 4") }
        (accessKeyID, self.signature, self.expires, self.parameters) = (own[0][0], Array(signature), expires, parameters)
    }

    /// - Parameter bucket: The bucket that the host name tells, where it does.
    fileprivate func isSigned(_ request: SignatureCheck.Request, bucket: String?, with secret: Secret) -> Bool {
        HMAC<Insecure.SHA1>.isValidAuthenticationCode(
            signature, authenticating: Array(stringToSign(request, bucket).utf8),
            using: SymmetricKey(data: Array(secret.value.utf8)))
    }

    fileprivate func isExpired(at now: Date) -> Bool { now.timeIntervalSince1970 >= Double(expires) }

    private func stringToSign(_ request: SignatureCheck.Request, _ bucket: String?) -> String {
        func said(_ name: String) -> String { request.headers[name] ?? parameters.first { $0.name == name }?.value ?? "" }
        var amazon: [String: [String]] = [:]
        for field in request.headers.fields where field.name.lowercased().hasPrefix("x-amz-") {
            amazon[field.name.lowercased(), default: []].append(field.value)
        }
        for (name, value) in parameters where name.hasPrefix("x-amz-") && amazon[name] == nil { amazon[name] = [value ?? ""] }
        let headers = amazon.keys.sorted().map { "\($0):\(amazon[$0]?.joined(separator: ",") ?? "")\n" }.joined()
        let named = parameters.filter { Self.subresources.contains($0.name) }.sorted { $0.name < $1.name }
            .map { name, value in value.map { "\(name)=\($0)" } ?? name }
        let resource = (bucket.map { "/\($0)" } ?? "") + request.path + (named.isEmpty ? "" : "?\(named.joined(separator: "&"))")
        return "\(request.method)\n\(said("content-md5"))\n\(said("content-type"))\n\(expires)\n\(headers)\(resource)"
    }
}

extension SignatureCheck {
    /// - Parameter bucket: The bucket that the host name tells, where it does.
    /// - Throws: ``Refusal`` `.unknownKey`, `.expired` or `.wrongSignature`.
    package func verify(_ url: PresignedURLVersion2, of request: Request, bucket: String?, at now: Date) throws(Refusal) {
        let secret = try secret(of: url.accessKeyID)
        guard !url.isExpired(at: now) else { throw .expired }
        guard url.isSigned(request, bucket: bucket, with: secret) else { throw .wrongSignature }
    }
}
