import HTTPTypes
import Hummingbird

/// Whom attempts of a request are counted for: an IPv4 address, or the first half of an IPv6 one, which is what one customer gets whole.
///
/// Behind a server on this machine, which ends TLS for instance, it is the last address in `X-Forwarded-For`, the one that server saw.
enum ClientAddress {
    static func of(_ request: Request, _ context: ServiceContext) -> String {
        let peer = context.peerAddress ?? "unknown"
        let known = counted(peer[...]) ?? peer
        guard ServiceConfiguration.isLoopback(peer) || ServiceConfiguration.isLoopback(known),
            let forwarded = request.headers[values: .forwardedFor].last?.split(separator: ",").last
        else { return known }
        return counted(forwarded.trimmed) ?? known
    }

    /// - Parameter text: An address, perhaps with a port.
    /// - Returns: `nil` for what is none.
    static func counted(_ text: Substring) -> String? {
        if text.hasPrefix("[") { return ipv6(text.dropFirst().prefix { $0 != "]" }) }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        return colons > 1 ? ipv6(text) : ipv4(text.prefix { $0 != ":" })
    }

    private static func ipv4(_ text: Substring) -> String? {
        let octets = text.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
        guard octets.count == 4, text.utf8.count <= 15 else { return nil }
        return octets.map { "\($0)" }.joined(separator: ".")
    }

    private static func ipv6(_ text: Substring) -> String? {
        let address = text.prefix { $0 != "%" }
        guard address.utf8.count <= 45 else { return nil }
        // An IPv4 address as a socket for both kinds has it: ::ffff:192.0.2.1.
        if address.contains(".") { return address.split(separator: ":").last.flatMap { ipv4($0) } }
        let halves = address.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2 else { return nil }
        let groups = halves.map { $0.isEmpty ? [] : $0.split(separator: ":", omittingEmptySubsequences: false) }
        let count = groups.reduce(0) { $0 + $1.count }
        guard halves.count == 2 ? count < 8 : count == 8 else { return nil }
        let filled = groups[0] + Array(repeating: "0", count: 8 - count) + (groups.count == 2 ? groups[1] : [])
        let numbers = filled.compactMap { UInt16($0, radix: 16) }
        guard numbers.count == 8 else { return nil }
        return numbers.prefix(4).map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first?.isWhitespace ?? false { text.removeFirst() }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }
}

extension HTTPField.Name {
    fileprivate static let forwardedFor = named("X-Forwarded-For")
}
