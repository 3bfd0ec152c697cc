import Crypto
import CryptoExtras
import FoundationEssentials
import GroundTruth

/// The algorithms of signatures that are taken (RFC 7518, 3.1). All are made with a private key: `none` is no signature, and what HS256
/// signs could be signed by whoever has the client's secret.
enum TokenAlgorithm: String, Sendable {
    case rs256 = "RS256"
    case es256 = "ES256"
}

/// The public keys that a provider signs its tokens with (RFC 7517).
struct ProviderKeys: Sendable {
    private static let maximumCount = 100
    /// 8192 bits: what a signature costs to check is bounded.
    private static let maximumModulusBytes = 1024

    private enum Material: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)

        var algorithm: TokenAlgorithm {
            switch self {
            case .rsa: .rs256
            case .p256: .es256
            }
        }
    }

    private struct Key: Sendable {
        let id: String?
        let material: Material
    }

    private let keys: [Key]

    /// Keys of other kinds and for other uses are passed over.
    ///
    /// - Throws: ``OIDCError`` for what is no set of keys.
    init(parsing document: JSONValue) throws(OIDCError) {
        guard let entries = document["keys"]?.array, entries.count <= Self.maximumCount else {
            throw OIDCError(.unavailable, "the provider's keys: expected `keys`, a list of at most \(Self.maximumCount)")
        }
        keys = entries.compactMap { entry in
            guard entry.present("use").map({ $0.string == "sig" }) ?? true, let material = Self.material(of: entry),
                entry.present("alg").map({ $0.string == material.algorithm.rawValue }) ?? true
            else { return nil }
            return Key(id: entry.present("kid")?.string, material: material)
        }
    }

    private static func material(of key: JSONValue) -> Material? {
        func bytes(_ name: String) -> [UInt8]? { key[name]?.string.flatMap { Base64URL.decode($0) } }
        switch key["kty"]?.string {
        case "RSA":
            guard let modulus = bytes("n"), modulus.count <= maximumModulusBytes, let exponent = bytes("e"), exponent.count <= 8,
                let key = try? _RSA.Signing.PublicKey(n: Data(modulus), e: Data(exponent))
            else { return nil }
            return .rsa(key)
        case "EC":
            guard key["crv"]?.string == "P-256", let x = bytes("x"), x.count == 32, let y = bytes("y"), y.count == 32,
                let key = try? P256.Signing.PublicKey(rawRepresentation: x + y)
            else { return nil }
            return .p256(key)
        default: return nil
        }
    }

    /// Whether a key is there that a token may have been signed with.
    func canCheck(_ token: SignedToken) -> Bool { material(for: token) != nil }

    /// - Throws: ``OIDCError`` `.refused` for a signature of none of these keys.
    func verify(_ token: SignedToken) throws(OIDCError) {
        guard let material = material(for: token) else {
            throw OIDCError(.refused, "the token is signed with a key that the provider does not publish")
        }
        let isValid =
            switch material {
            case .rsa(let key):
                // The algorithm's own padding: what is insecure of it is encryption, not signatures.
                key.isValidSignature(
                    _RSA.Signing.RSASignature(rawRepresentation: token.signature), for: SHA256.hash(data: token.signedPart),
                    padding: .insecurePKCS1v1_5)
            case .p256(let key):
                (try? P256.Signing.ECDSASignature(rawRepresentation: token.signature)).map {
                    key.isValidSignature($0, for: SHA256.hash(data: token.signedPart))
                } ?? false
            }
        guard isValid else { throw OIDCError(.refused, "the token's signature is not the provider's") }
    }

    /// The key of the token's name and kind; for a token that names none the only one of its kind.
    private func material(for token: SignedToken) -> Material? {
        let fitting = keys.filter { key in
            key.material.algorithm == token.algorithm
                && (token.keyID.map { id in key.id.map { $0.utf8.elementsEqual(id.utf8) } ?? false } ?? true)
        }
        return fitting.count == 1 || token.keyID != nil ? fitting.first?.material : nil
    }
}
