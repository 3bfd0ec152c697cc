import AWS
import HTTPTypes
import Hummingbird

/// Who a request says it comes from, and what it is for: the `Credential` of its signature, or the query of a presigned URL of S3 in
/// Signature Version 2. Whether the signature is right is checked elsewhere.
struct SignedCaller: Sendable {
    let accessKeyID: String
    let region: String
    /// Such as `s3` or `sqs`.
    let service: String

    /// - Returns: `nil` for a request that is not signed.
    init?(_ request: Request) {
        let query = QueryParameters(request)
        guard let credential = Self.credential(request, query) else {
            let version2 = PresignedURLVersion2.parameterNames.map { query[$0] }
            guard let id = version2[0], !version2.contains(nil) else { return nil }
            // Version 2 names no region; without one S3 means this.
            (accessKeyID, region, service) = (id, "us-east-1", "s3")
            return
        }
        // KEYID/DATE/REGION/SERVICE/aws4_request
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 5, parts.last == "aws4_request" else { return nil }
        accessKeyID = parts.dropLast(4).joined(separator: "/")
        region = parts[parts.count - 3]
        service = parts[parts.count - 2]
    }

    private static func credential(_ request: Request, _ query: QueryParameters) -> String? {
        if let authorization = request.headers[.authorization] {
            guard authorization.hasPrefix("AWS4-"), let start = authorization.firstRange(of: "Credential=") else { return nil }
            return String(authorization[start.upperBound...].prefix { $0 != "," && $0 != " " })
        }
        return query["X-Amz-Credential"]
    }
}

/// The parameters of a request line or of a form, decoded, in order.
struct QueryParameters: Sendable {
    let all: [(name: String, value: String)]

    /// - Parameter text: Parameters parted by `&`; what is not UTF-8 is left out.
    init(_ text: some StringProtocol) {
        all = text.split(separator: "&").compactMap { parameter in
            let name = parameter.prefix { $0 != "=" }
            let value = parameter[name.endIndex...].dropFirst()
            guard let name = PercentEncoding.formDecoded(String(name)), let value = PercentEncoding.formDecoded(String(value))
            else {
                return nil
            }
            return (name, value)
        }
    }

    init(_ request: Request) {
        let target = request.head.path ?? ""
        self.init(target.firstIndex(of: "?").map { target[$0...].dropFirst() } ?? "")
    }

    /// The first value of a name.
    subscript(name: String) -> String? { all.first { $0.name == name }?.value }
}
