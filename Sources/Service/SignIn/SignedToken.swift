import GroundTruth

/// A signed token as it comes (RFC 7515, 7.1): who signed it, and what with, is only claimed until ``ProviderKeys/verify(_:)``.
struct SignedToken: Sendable {
    private static let maximumBytes = 32 << 10

    let algorithm: TokenAlgorithm
    let keyID: String?
    let payload: JSONValue
    /// What the signature is of.
    let signedPart: [UInt8]
    let signature: [UInt8]

    /// - Throws: ``OIDCError`` `.refused` for what is no such token, or has no signature that could be checked here.
    init(parsing text: String) throws(OIDCError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw OIDCError(.refused, "the token has more than \(Self.maximumBytes) bytes")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let payload = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw OIDCError(.refused, "the token is not a header, claims and a signature in base64url") }
        guard let name = header["alg"]?.string, let algorithm = TokenAlgorithm(rawValue: name) else {
            throw OIDCError(
                .refused, "the token is signed with \(header["alg"]?.excerpt ?? "no algorithm"), expected RS256 or ES256")
        }
        // RFC 7515, 4.1.11: whoever does not know what is critical must not take the token.
        guard header["crit"] == nil else { throw OIDCError(.refused, "the token has critical headers, which are not known here") }
        (self.algorithm, self.payload, self.signature) = (algorithm, payload, signature)
        keyID = header.present("kid")?.string
        signedPart = Array(text.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    private static func object(_ part: Substring) -> JSONValue? {
        guard let bytes = Base64URL.decode(part), let value = try? JSONScanner.parse(bytes), value.object != nil else { return nil }
        return value
    }
}
