import AWS
import Crypto
import FoundationEssentials
import HTTPTypes
package import Storage

/// URLs under which a page reads objects for a time: presigned ones of S3, or for objects in a folder ones of this service that are
/// signed.
///
/// A URL of this service is `/objects/BUCKET/KEY?expires=SECONDS&signature=HEX`; the signature is HMAC-SHA256 over method, path and
/// expiry, so that it opens one object until one moment.
package struct ReadLinks: Sendable {
    static let path = "/objects/"

    let store: any ObjectStore
    private let key: SymmetricKey
    private let lifetimeSeconds: Int
    private let now: @Sendable () -> Int

    /// - Parameters:
    ///   - secret: At least 16 bytes that nobody knows. URLs of one secret are good for every service that has it.
    ///   - lifetimeSeconds: How long a URL opens its object.
    ///   - now: Seconds since 1970-01-01 00:00 UTC.
    package init(
        store: any ObjectStore, secret: [UInt8], lifetimeSeconds: Int = 3_600,
        now: @escaping @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }
    ) {
        precondition(secret.count >= 16, "a secret of \(secret.count) bytes can be guessed")
        (self.store, key, self.lifetimeSeconds, self.now) = (store, SymmetricKey(data: secret), lifetimeSeconds, now)
    }

    // MARK: Granting

    /// What `grant_read_access` does in templates, with the rights of this moment.
    ///
    /// An `s3://` URI and an https address of S3 become a URL that opens the object; any other https address stays as it is.
    ///
    /// - Throws: ``StorageError`` when there are no credentials to sign with.
    package func grants() async throws(StorageError) -> @Sendable (_ uri: String) throws -> String {
        let presigner = try await store.presigner(lifetimeSeconds: lifetimeSeconds)
        return { text in
            if text.hasPrefix("https://"), ObjectURI(httpsAddress: text) == nil { return text }
            let uri = try ObjectURI(httpsAddress: text) ?? ObjectURI(received: text)
            return try presigner?(uri) ?? localURL(of: uri)
        }
    }

    private func localURL(of uri: ObjectURI) throws -> String {
        guard case .s3(let bucket, let key) = uri else {
            throw StorageError(.notAllowed, "\(uri): a page reads s3:// objects only")
        }
        let name = "\(bucket)/\(key)"
        let expires = now() + lifetimeSeconds
        let code = HMAC<SHA256>.authenticationCode(for: Self.signed(name, expires: expires), using: self.key)
        return "\(Self.path)\(PercentEncoding.path(name))?expires=\(expires)&signature=\(hexadecimal(code))"
    }

    private static func signed(_ name: String, expires: Int) -> [UInt8] { Array("GET\n\(path)\(name)\n\(expires)".utf8) }

    // MARK: Opening

    /// The object that a URL of this service opens now.
    ///
    /// - Parameter name: `BUCKET/KEY`, decoded.
    /// - Throws: ``Problem`` 403 for a URL that is not ours or has expired.
    func object(named name: String, expires: String?, signature: String?) throws -> ObjectURI {
        guard let expires = expires.flatMap({ Int($0) }), let code = signature.flatMap({ bytes(hexadecimal: $0) }),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Self.signed(name, expires: expires), using: key)
        else {
            throw Problem(
                status: .forbidden, code: "bad-link", detail: "the link's signature is not from here; open the task again")
        }
        guard now() < expires else {
            throw Problem(status: .forbidden, code: "expired-link", detail: "the link has expired; open the task again")
        }
        return try ObjectURI(received: "s3://\(name)")
    }
}
