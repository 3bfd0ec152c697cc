package import Transport

/// The one spelling of a request that its sender signs and its receiver checks (AWS, "Create a signed AWS API request", step 1).
///
/// It is computed from what goes over the wire, so it serves for requests to send as well as for requests that arrive.
package struct CanonicalRequest: Hashable, Sendable {
    package let method: String
    package let path: String
    package let query: String
    /// Lines `name:value`, sorted.
    package let headers: [String]
    /// Lower-case names of these headers, sorted and parted by `;`.
    package let signedHeaders: String
    /// The SHA-256 of the body in lower-case hexadecimal, or `UNSIGNED-PAYLOAD`.
    package let payloadHash: String

    package static let unsignedPayload = "UNSIGNED-PAYLOAD"

    /// - Parameters:
    ///   - path: As in the request line, percent-encoded.
    ///   - query: As in the request line; an `X-Amz-Signature` in it is left out.
    ///   - headers: Those of the request, `Host` included.
    ///   - signedNames: Lower-case names of the headers to sign, in any order.
    ///   - service: S3 signs the path as it is sent; other services sign it without dot segments and encoded once more.
    package init(
        method: String, path: String, query: String?, headers: HTTPHeaders, signedNames: some Collection<String>,
        payloadHash: String,
        service: String
    ) {
        self.method = method.uppercased()
        self.path = Self.path(path, service: service)
        self.query = Self.query(query ?? "")
        let names = Set(signedNames).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.headers = names.map { name in
            let values = headers.fields.filter { $0.name.lowercased() == name }.map { Self.trimmed($0.value) }
            return "\(name):\(values.joined(separator: ","))"
        }
        signedHeaders = names.joined(separator: ";")
        self.payloadHash = payloadHash
    }

    package var text: String {
        ([method, path, query] + headers + ["", signedHeaders, payloadHash]).joined(separator: "\n")
    }

    private static func path(_ path: String, service: String) -> String {
        let slash: Set<UInt8> = [UInt8(ascii: "/")]
        if service == "s3" { return PercentEncoding.normalized(path, keeping: slash) }
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let end = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return PercentEncoding.encode("/\(segments.joined(separator: "/"))\(end)", keeping: slash)
    }

    /// Parameters in the order of their encoded names, then values.
    private static func query(_ query: String) -> String {
        let parameters = query.split(separator: "&").map { parameter in
            let name = parameter.prefix { $0 != "=" }
            let value = parameter[name.endIndex...].dropFirst()
            return (name: PercentEncoding.normalized(name), value: PercentEncoding.normalized(value))
        }
        // By bytes; a name that begins another one comes first, whatever `=` would compare as.
        let sorted = parameters.filter { $0.name != "X-Amz-Signature" }.sorted {
            $0.name == $1.name
                ? $0.value.utf8.lexicographicallyPrecedes($1.value.utf8) : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    /// Without blanks around it, and with one space for each run of blanks.
    private static func trimmed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }
}
