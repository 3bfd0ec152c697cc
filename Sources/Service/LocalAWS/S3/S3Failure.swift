import HTTPTypes
import Hummingbird
import Storage

/// An error as S3 has it.
struct S3Failure: Error {
    let status: HTTPResponse.Status
    let code: String
    let message: String

    init(_ status: HTTPResponse.Status, _ code: String, _ message: String) {
        (self.status, self.code, self.message) = (status, code, message)
    }

    static func notImplemented(_ what: String) -> S3Failure {
        S3Failure(.notImplemented, "NotImplemented", "\(what) is not served here")
    }

    init(_ error: StorageError) {
        switch error.code {
        case .notFound: self.init(.notFound, "NoSuchKey", error.message)
        case .exists: self.init(.preconditionFailed, "PreconditionFailed", error.message)
        case .badURI, .blocked: self.init(.badRequest, "InvalidArgument", error.message)
        case .notAllowed, .denied: self.init(.forbidden, "AccessDenied", error.message)
        case .unsupported: self.init(.notImplemented, "NotImplemented", error.message)
        default: self.init(.internalServerError, "InternalError", error.message)
        }
    }

    /// - Parameter isHead: A response to HEAD has no body; its status stands for the error.
    func response(resource: String, isHead: Bool, _ context: ServiceContext) -> Response {
        guard !isHead, status != .notModified else { return Response(status: status, headers: [.contentType: "application/xml"]) }
        return .xml(
            status,
            XMLOutput(
                "Error",
                [
                    XMLOutput("Code", code), XMLOutput("Message", message), XMLOutput("Resource", resource),
                    XMLOutput("RequestId", context.requestID),
                ]))
    }
}
