import AWS
import GroundTruth
import Storage
import SystemPackage
import Transport

/// A call of a service's owner's API.
struct ServiceRequest {
    let method: String
    /// Below `/portal/api`.
    let path: [String]
    var query: [(name: String, value: String)] = []
    var contentType: String?
    var body = OutgoingRequest.Body.none

    static func get(_ path: String..., query: [(name: String, value: String)] = []) -> ServiceRequest {
        ServiceRequest(method: "GET", path: path, query: query)
    }

    static func post(_ path: String..., body: JSONOutput = [:]) -> ServiceRequest {
        ServiceRequest(method: "POST", path: path, contentType: "application/json", body: .bytes(body.bytes))
    }

    static func delete(_ path: String...) -> ServiceRequest { ServiceRequest(method: "DELETE", path: path) }

    static func put(_ path: String..., query: [(name: String, value: String)], body: OutgoingRequest.Body) -> ServiceRequest {
        ServiceRequest(method: "PUT", path: path, query: query, contentType: "application/octet-stream", body: body)
    }

    /// - Parameter service: The service's own address; what is in front of it may have given it a path.
    func url(below service: HTTPURL) -> HTTPURL {
        var url = service
        if url.path.hasSuffix("/") { url.path.removeLast() }
        url.path += "/portal/api/" + path.map { PercentEncoding.encode($0) }.joined(separator: "/")
        url.query =
            query.isEmpty ? nil : query.map { "\($0.name)=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        return url
    }
}
