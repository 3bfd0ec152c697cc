/// Where the service listens, and who may call it.
package struct ServiceConfiguration: Sendable {
    package let host: String
    /// 0: any free port.
    package let port: Int
    /// Keys that callers send as `Authorization: Bearer KEY`; none: every caller on the loopback interface is served.
    package let apiKeys: [String]

    /// - Throws: ``ConfigurationError`` when others than this machine could call without a key, or a key is easily guessed.
    package init(host: String, port: Int, apiKeys: [String]) throws(ConfigurationError) {
        guard (0...65535).contains(port) else { throw ConfigurationError("port \(port): expected 0 to 65535") }
        guard Self.isLoopback(host) || !apiKeys.isEmpty else {
            throw ConfigurationError(
                "\(host) can be reached from other machines: set PRELABEL_API_KEYS to one or more keys, parted by commas, "
                    + "or listen on 127.0.0.1")
        }
        if let short = apiKeys.firstIndex(where: { $0.utf8.count < 16 }) {
            throw ConfigurationError("key \(short + 1) of PRELABEL_API_KEYS has fewer than 16 characters")
        }
        (self.host, self.port, self.apiKeys) = (host, port, apiKeys)
    }

    static func isLoopback(_ host: String) -> Bool {
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
