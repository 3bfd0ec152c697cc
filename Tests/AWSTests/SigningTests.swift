@testable import AWS
import FoundationEssentials
import Testing
import Transport

/// A request as botocore signs it; `make_signing_vectors.py` wrote them.
struct SigningVector: Decodable {
    let accessKeyID, secretAccessKey, region, service, method, url, body, canonicalRequest, stringToSign, signature, result: String
    let sessionToken: String?
    let time: Double
    let headers: [String: String]
    let unsigned: Bool
    let expires: Int?

    static let all: [SigningVector] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/signing-vectors.jsonl")
        let lines = ((try? Data(contentsOf: file)) ?? Data()).split(separator: UInt8(ascii: "\n")).dropFirst()
        return lines.compactMap { try? JSONDecoder().decode(SigningVector.self, from: $0) }
    }()
}

@Suite struct SigningTests {
    @Test func signsByteForByteAsBotocoreDoes() throws {
        #expect(SigningVector.all.count >= 200)
        for vector in SigningVector.all {
            let credentials = AWSCredentials(
                accessKeyID: vector.accessKeyID, secretAccessKey: Secret(vector.secretAccessKey),
                sessionToken: vector.sessionToken.map { Secret($0) })
            let signer = RequestSigner(credentials: credentials, region: vector.region, service: vector.service)
            var headers = HTTPHeaders()
            for (name, value) in vector.headers.sorted(by: { $0.key < $1.key }) { headers.add(name, value) }
            let time = Date(timeIntervalSince1970: vector.time)
            let request = OutgoingRequest(
                vector.method, try HTTPURL(parsing: vector.url), headers: headers, body: .bytes(Array(vector.body.utf8)))
            let scope = SigningScope(time: time, region: vector.region, service: vector.service)
            let canonical: CanonicalRequest
            if let expires = vector.expires {
                let url = signer.presigned(vector.method, request.url, headers: headers, lifetimeSeconds: expires, at: time)
                #expect("\(url)" == vector.result)
                let hash = vector.service == "s3" ? CanonicalRequest.unsignedPayload : RequestSigner.emptySHA256
                canonical = signer.canonical(vector.method, url, headers, payloadHash: hash)
            } else {
                let signed = signer.signed(request, payload: vector.unsigned ? .unsigned : nil, at: time)
                #expect(signed.headers["Authorization"] == vector.result)
                canonical = received(signed, service: vector.service, body: vector.body)
            }
            #expect(canonical.text == vector.canonicalRequest)
            #expect(scope.stringToSign(canonical) == vector.stringToSign)
            #expect(scope.signature(canonical, secretAccessKey: credentials.secretAccessKey) == vector.signature)
        }
    }

    /// The canonical request as the receiver of a signed request computes it.
    private func received(_ signed: OutgoingRequest, service: String, body: String) -> CanonicalRequest {
        var headers = signed.headers
        headers["Host"] = signed.url.authority
        let authorization = headers["Authorization"] ?? ""
        let names = authorization.split(separator: "SignedHeaders=").last?.prefix { $0 != "," } ?? ""
        return CanonicalRequest(
            method: signed.method, path: signed.url.path, query: signed.url.query, headers: headers,
            signedNames: names.split(separator: ";").map { String($0) },
            payloadHash: headers["X-Amz-Content-SHA256"] ?? sha256(body), service: service)
    }

    private func sha256(_ text: String) -> String {
        let request = OutgoingRequest("PUT", HTTPURL(scheme: .http, authority: "h"), body: .bytes(Array(text.utf8)))
        let signer = RequestSigner(
            credentials: AWSCredentials(accessKeyID: "", secretAccessKey: Secret("")), region: "r", service: "s3")
        return signer.signed(request, at: Date(timeIntervalSince1970: 0)).headers["X-Amz-Content-SHA256"] ?? ""
    }

    @Test(arguments: [("a%2fb%7e+c d", "a%2Fb~%2Bc%20d"), ("%", "%25"), ("%zz%4", "%25zz%254"), ("é", "%C3%A9")])
    func whatOthersEncodedOtherwiseGetsOneSpelling(text: String, expected: String) {
        #expect(PercentEncoding.normalized(text) == expected)
    }

    @Test(arguments: [
        (0.0, "19700101T000000Z"), (951_782_399.9, "20000228T235959Z"), (951_782_400, "20000229T000000Z"),
        (4_107_542_400, "21000301T000000Z"),
    ])
    func timestampsAreUTC(seconds: Double, expected: String) {
        #expect(SigningScope.timestamp(Date(timeIntervalSince1970: seconds)) == expected)
    }

    @Test func secretsAreNotPrinted() {
        let credentials = AWSCredentials(
            accessKeyID: "AKIAEXAMPLEEXAMPLE12", secretAccessKey: Secret("very-secret"), sessionToken: Secret("token-secret"))
        var dumped = ""
        dump(credentials, to: &dumped)
        dump(["signer": RequestSigner(credentials: credentials, region: "r", service: "s3")], to: &dumped)
        let printed = "\(credentials) \(credentials.secretAccessKey) \(String(reflecting: [credentials.secretAccessKey])) \(dumped)"
        #expect(!printed.contains("very-secret") && !printed.contains("token-secret") && !printed.contains("EXAMPLEEXAMPLE"))
        #expect("\(credentials)" == "AKIA****LE12")
    }
}
