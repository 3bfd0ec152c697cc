import HTTPTypes
import Hummingbird
import Transport

extension Request {
    /// Where the caller reached this service, as in `https://labels.example`: for addresses that are used elsewhere than in a page of
    /// this service.
    ///
    /// - Parameter publicURL: Where the service's owner says that it is reached; it counts before what the request says.
    func origin(_ publicURL: HTTPURL? = nil) -> String {
        if let publicURL { return "\(publicURL.scheme)://\(publicURL.authority)" }
        return "\(isSecure ? "https" : "http")://\(head.authority ?? "localhost")"
    }

    /// Whether it came over TLS. Behind a server that ends TLS only that one knows.
    var isSecure: Bool { head.scheme == "https" || headers[.forwardedProto] == "https" }
}

extension HTTPField.Name {
    fileprivate static let forwardedProto = named("X-Forwarded-Proto")
}
