import Crypto
import FoundationEssentials
import Testing
import Transport

@testable import AWS

@Suite struct SignatureCheckTests {
    /// A request of botocore's as it arrives.
    private func received(
        _ vector: SigningVector, changing change: (inout HTTPHeaders, inout String, inout String?) -> Void = { _, _, _ in }
    ) throws -> SignatureCheck.Request {
        let credentials = AWSCredentials(
            accessKeyID: vector.accessKeyID, secretAccessKey: Secret(vector.secretAccessKey),
            sessionToken: vector.sessionToken.map { Secret($0) })
        let signer = RequestSigner(credentials: credentials, region: vector.region, service: vector.service)
        var headers = HTTPHeaders()
        for (name, value) in vector.headers.sorted(by: { $0.key < $1.key }) { headers.add(name, value) }
        let time = Date(timeIntervalSince1970: vector.time)
        var url = try HTTPURL(parsing: vector.url)
        if let expires = vector.expires {
            url = signer.presigned(vector.method, url, headers: headers, lifetimeSeconds: expires, at: time)
        } else {
            let request = OutgoingRequest(vector.method, url, headers: headers, body: .bytes(Array(vector.body.utf8)))
            headers = signer.signed(request, payload: vector.unsigned ? .unsigned : nil, at: time).headers
        }
        headers["Host"] = url.authority
        var (path, query) = (url.path, url.query)
        change(&headers, &path, &query)
        return SignatureCheck.Request(method: vector.method, path: path, query: query, headers: headers)
    }

    private func verify(
        _ request: SignatureCheck.Request, _ vector: SigningVector, secret: String? = nil, secondsLater: Double = 0
    ) throws(SignatureCheck.Refusal) {
        let key = AWSCredentials(
            accessKeyID: vector.accessKeyID, secretAccessKey: Secret(secret ?? vector.secretAccessKey))
        let other = AWSCredentials(accessKeyID: "OTHER", secretAccessKey: Secret("a secret of somebody else"))
        let claim = try SignatureCheck.claim(of: request)
        try SignatureCheck(keys: [other, key]).verify(
            claim, of: request, payloadHash: hexadecimal(SHA256.hash(data: Array(vector.body.utf8))),
            at: Date(timeIntervalSince1970: vector.time + secondsLater))
    }

    private var header: [SigningVector] { SigningVector.all.filter { $0.expires == nil } }
    private var presigned: [SigningVector] { SigningVector.all.filter { $0.expires != nil } }

    @Test func takesWhatBotocoreSigns() throws {
        #expect(header.count >= 50 && presigned.count >= 20)
        for vector in SigningVector.all { try verify(received(vector), vector) }
    }

    @Test func refusesAnotherSecretAndAnotherKey() throws {
        for vector in SigningVector.all {
            let request = try received(vector)
            #expect(throws: SignatureCheck.Refusal.wrongSignature) { try verify(request, vector, secret: "another secret") }
            #expect(throws: SignatureCheck.Refusal.unknownKey(vector.accessKeyID)) {
                try SignatureCheck(keys: []).admit(SignatureCheck.claim(of: request), at: Date())
            }
        }
    }

    @Test func refusesWhatWasChangedOnTheWay() throws {
        for vector in SigningVector.all {
            let elsewhere = try received(vector) { headers, _, _ in headers["Host"] = "elsewhere.example" }
            #expect(throws: SignatureCheck.Refusal.wrongSignature) { try verify(elsewhere, vector) }
            let deeper = try received(vector) { _, path, _ in path += "x" }
            #expect(throws: SignatureCheck.Refusal.wrongSignature) { try verify(deeper, vector) }
            let more = try received(vector) { _, _, query in query = query.map { "\($0)&a=b" } ?? "a=b" }
            #expect(throws: SignatureCheck.Refusal.wrongSignature) { try verify(more, vector) }
        }
    }

    @Test func aHeaderOfAWSThatIsNotSignedIsRefused() throws {
        for vector in SigningVector.all {
            let request = try received(vector) { headers, _, _ in headers["X-Amz-Added-Later"] = "1" }
            #expect(throws: SignatureCheck.Refusal.malformed("headers that must be signed are not: x-amz-added-later")) {
                try verify(request, vector)
            }
        }
    }

    @Test func clocksMayDifferByAQuarterOfAnHour() throws {
        let vector = try #require(header.first)
        let request = try received(vector)
        for seconds in [-900.0, 900] { try verify(request, vector, secondsLater: seconds) }
        for seconds in [-901.0, 901] {
            #expect { try verify(request, vector, secondsLater: seconds) } throws: { error in
                if case .skewed = error as? SignatureCheck.Refusal { true } else { false }
            }
        }
    }

    @Test func aPresignedURLOpensAsLongAsItSays() throws {
        for vector in presigned {
            let request = try received(vector)
            let lifetime = Double(try #require(vector.expires))
            try verify(request, vector, secondsLater: lifetime)
            #expect(throws: SignatureCheck.Refusal.expired) { try verify(request, vector, secondsLater: lifetime + 1) }
        }
    }

    @Test func anotherBodyIsRefused() throws {
        let vector = try #require(header.first { $0.service != "s3" })
        let request = try received(vector)
        let claim = try SignatureCheck.claim(of: request)
        #expect(claim.payloadHash == nil)
        let key = AWSCredentials(accessKeyID: vector.accessKeyID, secretAccessKey: Secret(vector.secretAccessKey))
        #expect(throws: SignatureCheck.Refusal.wrongSignature) {
            try SignatureCheck(keys: [key]).verify(
                claim, of: request, payloadHash: String(repeating: "0", count: 64), at: Date(timeIntervalSince1970: vector.time))
        }
    }

    @Test(arguments: [
        "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential", "AWS4-HMAC-SHA256 Credential=k/20240301/r/s/aws4_request",
        "AWS4-HMAC-SHA256 Credential=k, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=k/20240302/r/s/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
        "AWS4-HMAC-SHA256 Credential=k/20240301/r/s/aws4_request, SignedHeaders=x-amz-date, Signature=0",
        "AWS4-HMAC-SHA256 Credential=k/20240301/r/s/aws4_request, Credential=l, SignedHeaders=host;x-amz-date, Signature=0",
    ])
    func aSignatureThatIsNotInItsFormIsRefused(authorization: String) {
        let request = SignatureCheck.Request(
            method: "GET", path: "/", query: nil,
            headers: ["Host": "h", "X-Amz-Date": "20240301T100000Z", "Authorization": authorization])
        #expect { _ = try SignatureCheck.claim(of: request) } throws: { error in
            if case .malformed = error as? SignatureCheck.Refusal { true } else { false }
        }
    }

    @Test(arguments: ["", "a=b", "x-amz-signature=0"])
    func aRequestWithoutASignatureSaysSo(query: String) {
        let request = SignatureCheck.Request(method: "GET", path: "/", query: query, headers: ["Host": "h"])
        #expect(throws: SignatureCheck.Refusal.unsigned) { _ = try SignatureCheck.claim(of: request) }
    }

    @Test(arguments: ["X-Amz-Expires=0", "X-Amz-Expires=604801", "X-Amz-Expires=60&X-Amz-Expires=61", "X-Amz-Expires=x"])
    func aPresignedQueryIsReadOnceAndWithinItsBounds(expires: String) {
        let query =
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=k%2F20240301%2Fr%2Fs3%2Faws4_request&X-Amz-Date=20240301T100000Z"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature=0&\(expires)"
        let request = SignatureCheck.Request(method: "GET", path: "/", query: query, headers: ["Host": "h"])
        #expect { _ = try SignatureCheck.claim(of: request) } throws: { error in
            if case .malformed = error as? SignatureCheck.Refusal { true } else { false }
        }
    }
}
