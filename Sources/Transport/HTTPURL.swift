/// An absolute URL, in parts as they are sent: nothing is decoded, encoded or folded.
package struct HTTPURL: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https
        package var defaultPort: Int { self == .http ? 80 : 443 }
    }

    package var scheme: Scheme
    /// The host, with a port when it is not the scheme's.
    package var authority: String
    /// Begins with `/`; percent-encoded.
    package var path: String
    /// What follows `?`; percent-encoded.
    package var query: String?

    package init(scheme: Scheme, authority: String, path: String = "/", query: String? = nil) {
        (self.scheme, self.authority, self.path, self.query) = (scheme, authority, path, query)
    }

    /// - Throws: ``TransportError`` `.badRequest` for anything but `http(s)://HOST[:PORT][/PATH][?QUERY]` in visible ASCII.
    package init(parsing text: String) throws(TransportError) {
        func refused(_ problem: String) -> TransportError {
            let shown = text.prefix { $0 != "?" }
            return TransportError(.badRequest, "\(shown): \(problem); expected http://HOST[:PORT]/PATH or https://…")
        }
        guard let separator = text.firstRange(of: "://"), let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
        else { throw refused("no http or https URL") }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw refused("a character that must be percent-encoded")
        }
        let rest = text[separator.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@") else { throw refused("no host, or a user name in it") }
        let target = rest[authority.endIndex...]
        let path = target.prefix { $0 != "?" }
        self.scheme = scheme
        self.authority = String(authority)
        self.path = path.isEmpty ? "/" : String(path)
        query = path.endIndex == target.endIndex ? nil : String(target[path.endIndex...].dropFirst())
    }

    /// The host alone, without brackets.
    package var host: String {
        if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// The URL for logs and errors: without the query.
    package var redacted: String { "\(scheme)://\(authority)\(path)" }
}

extension HTTPURL: CustomStringConvertible {
    package var description: String { redacted + (query.map { "?\($0)" } ?? "") }
}
