import AWS
import Crypto
import CryptoExtras
import FoundationEssentials
import GroundTruth
import LabelingJobs
import Synchronization
import Transport

@testable import Service

/// An OpenID provider without sockets, which makes its tokens as a test says.
final class FakeProvider: HTTPTransport {
    static let issuer = "https://id.example.org"
    static let client = "prelabel-test"
    static let secret = "client:secret/+"

    struct State: Sendable {
        /// Replaces and adds claims; JSON null takes the meaning of one away.
        var claims: [String: JSONOutput] = [:]
        var header: [String: JSONOutput] = [:]
        var configuration: [String: JSONOutput] = [:]
        var userInfo: JSONOutput?
        var signer: Signer = .es256
        var authentication: Authentication = .basic
        /// How many requests each path had.
        var counts: [String: Int] = [:]
        /// What the last sign-in page was asked with.
        var query: [String: String] = [:]
        var isDown = false
        var publishesKeys = true
    }

    /// How a client shows who it is when it brings a code.
    enum Authentication: Sendable { case basic, form, unneeded }
    enum Signer: Sendable { case es256, rs256, hs256, none, otherKey, brokenSignature }

    let state = Mutex(State())
    let clock: JobClock
    private let ecKey = P256.Signing.PrivateKey()
    private let otherKey = P256.Signing.PrivateKey()
    /// One for all: to make one takes a good part of a second.
    private static let rsaKey = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
    private let rsaKey: _RSA.Signing.PrivateKey

    init(clock: JobClock) throws {
        self.clock = clock
        rsaKey = try Self.rsaKey.get()
    }

    static func settings(
        trustsMail: Bool = false, secret: String? = FakeProvider.secret, origin: String = "http://localhost"
    ) throws -> OIDCSettings {
        try OIDCSettings(
            issuer: issuer, clientID: client, clientSecret: secret, trustsMail: trustsMail, origin: HTTPURL(parsing: origin))
    }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func count(_ path: String) -> Int { state.withLock { $0.counts[path] ?? 0 } }

    // MARK: As a browser sees it

    /// Signs somebody in on the provider's page, and gives what the browser brings back.
    func answer(to location: String) -> String {
        let query = location.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let fields = Self.fields(query)
        state.withLock { $0.query = fields }
        return "code=the-code&state=\(fields["state"] ?? "")"
    }

    static func fields(_ form: String) -> [String: String] {
        var fields: [String: String] = [:]
        for field in form.split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            fields[pair[0]] = PercentEncoding.decode(pair.count > 1 ? pair[1] : "")
        }
        return fields
    }

    // MARK: As the service sees it

    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        let path = request.url.path
        let isDown = state.withLock { state in
            state.counts[path, default: 0] += 1
            return state.isDown
        }
        if isDown { throw TransportError(.unreachable, "\(request.name): nobody answers") }
        let (status, document): (Int, JSONOutput) =
            switch path {
            case "/.well-known/openid-configuration": (200, .object(configuration))
            case "/keys": (200, keys)
            case "/token": token(for: request)
            case "/me": state.withLock { $0.userInfo }.map { (200, $0) } ?? (404, [:])
            default: (404, [:])
            }
        return IncomingResponse(status: status, headers: [:], body: OnePiece(document.bytes))
    }

    private var configuration: [String: JSONOutput] {
        let own: [String: JSONOutput] = [
            "authorization_endpoint": "https://id.example.org/authorize?tenant=a", "issuer": .string(Self.issuer),
            "jwks_uri": "https://id.example.org/keys", "token_endpoint": "https://id.example.org/token",
            "userinfo_endpoint": "https://id.example.org/me",
        ]
        return own.merging(state.withLock { $0.configuration }) { $1 }
    }

    private var keys: JSONOutput {
        guard state.withLock(\.publishesKeys) else { return ["keys": []] }
        let point = Array(ecKey.publicKey.rawRepresentation)
        let rsa = (try? rsaKey.publicKey.getKeyPrimitives()).map { ($0.modulus, $0.publicExponent) }
        return [
            "keys": [
                [
                    "crv": "P-256", "kid": "ec", "kty": "EC", "x": Self.encoded(point.prefix(32)),
                    "y": Self.encoded(point.suffix(32)),
                ],
                [
                    "alg": "RS256", "e": Self.encoded(rsa?.1 ?? Data()), "kid": "rsa", "kty": "RSA",
                    "n": Self.encoded(rsa?.0 ?? Data()),
                    "use": "sig",
                ],
                ["kid": "ignored", "kty": "OKP"], ["k": "c2VjcmV0", "kid": "hs", "kty": "oct"],
            ]
        ]
    }

    private static func encoded(_ bytes: some Sequence<UInt8>) -> JSONOutput { .string(Base64URL.encode(bytes)) }

    /// Checks what binds the request to the sign-in, as providers do.
    private func token(for request: OutgoingRequest) -> (Int, JSONOutput) {
        guard case .bytes(let body) = request.body else { return (400, ["error": "invalid_request"]) }
        let form = Self.fields(String(decoding: body, as: UTF8.self))
        let begun = state.withLock(\.query)
        let credentials = "Basic \(Data("prelabel-test:client%3Asecret%2F%2B".utf8).base64EncodedString())"
        let (header, shown) = (request.headers["Authorization"], (form["client_id"], form["client_secret"]))
        let isKnown =
            switch state.withLock(\.authentication) {
            case .basic: header == credentials && shown == (nil, nil)
            case .form: header == nil && shown == (Self.client, Self.secret)
            case .unneeded: header == nil && shown == (Self.client, nil)
            }
        guard isKnown else { return (401, ["error": "invalid_client"]) }
        let challenge = Base64URL.encode(SHA256.hash(data: Array((form["code_verifier"] ?? "").utf8)))
        guard form["code"] == "the-code", form["grant_type"] == "authorization_code", begun["code_challenge_method"] == "S256",
            begun["code_challenge"] == challenge, form["redirect_uri"] == begun["redirect_uri"]
        else { return (400, ["error": "invalid_grant"]) }
        return (
            200, ["access_token": "a-token", "id_token": .string(idToken(nonce: begun["nonce"] ?? "")), "token_type": "Bearer"]
        )
    }

    // MARK: Tokens

    func idToken(nonce: String) -> String {
        let now = Int(clock.now().milliseconds / 1000)
        let (changes, headerChanges, signer) = state.withLock { ($0.claims, $0.header, $0.signer) }
        let claims: [String: JSONOutput] = [
            "aud": .string(Self.client), "email": "Ada@Example.org", "email_verified": true, "exp": .int(now + 300),
            "iat": .int(now),
            "iss": .string(Self.issuer), "nonce": .string(nonce), "sub": "248289761001",
        ]
        let names: (algorithm: String, key: String) =
            switch signer {
            case .rs256: ("RS256", "rsa")
            case .hs256: ("HS256", "hs")
            case .none: ("none", "ec")
            default: ("ES256", "ec")
            }
        let header: [String: JSONOutput] = ["alg": .string(names.algorithm), "kid": .string(names.key), "typ": "JWT"]
        func part(_ members: [String: JSONOutput]) -> String { Base64URL.encode(JSONOutput.object(members).bytes) }
        let signed = "\(part(header.merging(headerChanges) { $1 })).\(part(claims.merging(changes) { $1 }))"
        return "\(signed).\(Base64URL.encode(signature(of: Array(signed.utf8), by: signer)))"
    }

    private func signature(of bytes: [UInt8], by signer: Signer) -> [UInt8] {
        switch signer {
        case .es256: Array((try? ecKey.signature(for: bytes).rawRepresentation) ?? Data())
        case .otherKey: Array((try? otherKey.signature(for: bytes).rawRepresentation) ?? Data())
        case .brokenSignature: Array((try? ecKey.signature(for: bytes).rawRepresentation) ?? Data()).reversed()
        case .rs256:
            Array(
                (try? rsaKey.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5).rawRepresentation) ?? Data())
        case .hs256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: SymmetricKey(data: Array(Self.secret.utf8))))
        case .none: []
        }
    }

    private final class OnePiece: ResponseBody {
        private let rest: Mutex<[UInt8]?>
        init(_ bytes: [UInt8]) { rest = Mutex(bytes) }
        func next() async throws(TransportError) -> [UInt8]? {
            rest.withLock { rest in
                defer { rest = nil }
                return rest
            }
        }
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let time = Mutex(Timestamp(milliseconds: 1_700_000_000_000))
    var clock: JobClock { JobClock { self.time.withLock(\.self) } }
    func advance(seconds: Int) { time.withLock { $0 = $0.adding(seconds: seconds) } }
}
