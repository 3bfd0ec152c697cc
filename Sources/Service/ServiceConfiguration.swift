package import AWS
package import Transport

/// Where the service listens, and who may call it.
package struct ServiceConfiguration: Sendable {
    package let host: String
    /// 0: any free port.
    package let port: Int
    /// Keys that callers send as `Authorization: Bearer KEY`; none: every caller on the loopback interface is served.
    package let apiKeys: [String]

    /// Keys that callers sign requests with, as AWS's clients do.
    package let accessKeys: [AWSCredentials]

    /// What the owner signs in with: a bearer key, or an access key's secret.
    package var signInKeys: [String] { apiKeys + accessKeys.map(\.secretAccessKey.value) }

    /// Where the service's owner says that it is reached.
    let publicURL: HTTPURL?

    /// Where browsers reach the service; `nil` where the configuration does not tell: any address, or any port.
    package let origin: HTTPURL?

    /// Where workers find their tasks, without the scheme.
    var portalAddress: String? { origin.map { "\($0.authority)/portal" } }

    var hasKeys: Bool { !apiKeys.isEmpty || !accessKeys.isEmpty }

    /// - Parameter publicURL: Where browsers reach the service, where that is not host and port.
    /// - Throws: ``ConfigurationError`` when others than this machine could call without a key, or a key is easily guessed.
    package init(
        host: String, port: Int, apiKeys: [String], accessKeys: [AWSCredentials] = [], publicURL: String? = nil
    ) throws(ConfigurationError) {
        guard (0...65535).contains(port) else { throw ConfigurationError("port \(port): expected 0 to 65535") }
        guard Self.isLoopback(host) || !apiKeys.isEmpty || !accessKeys.isEmpty else {
            throw ConfigurationError(
                "\(host) can be reached from other machines: set PRELABEL_API_KEYS to one or more keys, parted by commas, or "
                    + "PRELABEL_ACCESS_KEYS to such as AWS's clients sign with, or listen on 127.0.0.1")
        }
        if let short = apiKeys.firstIndex(where: { $0.utf8.count < 16 }) {
            throw ConfigurationError("key \(short + 1) of PRELABEL_API_KEYS has fewer than 16 characters")
        }
        (self.host, self.port, self.apiKeys, self.accessKeys) = (host, port, apiKeys, accessKeys)
        self.publicURL = try publicURL.map { text throws(ConfigurationError) in try Self.origin(parsing: text) }
        origin = self.publicURL ?? Self.ownOrigin(host: host, port: port)
    }

    /// An address at which browsers reach the service.
    ///
    /// - Parameter option: Where it was named.
    package static func origin(parsing text: String, option: String = "--public-url") throws(ConfigurationError) -> HTTPURL {
        let url: HTTPURL
        do { url = try HTTPURL(parsing: text) } catch { throw ConfigurationError("\(option) \(error.message)") }
        guard url.path == "/", url.query == nil else {
            throw ConfigurationError("\(option) \(text): the service's pages are at the root of a host, expected no path")
        }
        return url
    }

    private static func ownOrigin(host: String, port: Int) -> HTTPURL? {
        guard port != 0, !["0.0.0.0", "::"].contains(host) else { return nil }
        return HTTPURL(scheme: .http, authority: "\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }

    /// Access keys as PRELABEL_ACCESS_KEYS has them: `ID:SECRET`, parted by commas.
    ///
    /// - Throws: ``ConfigurationError`` that counts the keys and shows none of them.
    package static func accessKeys(parsing text: String) throws(ConfigurationError) -> [AWSCredentials] {
        var keys: [AWSCredentials] = []
        for (index, part) in text.split(separator: ",").enumerated() {
            let key = part.drop { $0 == " " }
            let pair = key.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, pair[0].wholeMatch(of: #/[A-Za-z0-9_]{1,128}/#) != nil, pair[1].utf8.count >= 16,
                pair[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                throw ConfigurationError(
                    "key \(index + 1) of PRELABEL_ACCESS_KEYS is not ID:SECRET with a secret of 16 printable characters or more")
            }
            guard !keys.contains(where: { $0.accessKeyID.utf8.elementsEqual(pair[0].utf8) }) else {
                throw ConfigurationError("key \(index + 1) of PRELABEL_ACCESS_KEYS has the ID of an earlier one")
            }
            keys.append(AWSCredentials(accessKeyID: String(pair[0]), secretAccessKey: Secret(String(pair[1]))))
        }
        return keys
    }

    /// Whether only this machine answers under a host name or address.
    package static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return octets.count == 4 && !octets.contains(nil) && octets[0] == 127
    }
}

/// A setting that the service cannot start with.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
