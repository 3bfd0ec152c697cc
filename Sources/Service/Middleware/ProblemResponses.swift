import Functions
import HTTPTypes
import Hummingbird
import LabelingJobs
import Liquid
import Logging

/// Turns every error into a problem document. The cause of an error of ours is logged and not shown.
struct ProblemResponses: RouterMiddleware {
    typealias Context = ServiceContext

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as CancellationError {
            throw error
        } catch {
            return problem(for: error, context: context).response(instance: request.uri.path)
        }
    }

    /// What is said of an error; one that is ours alone goes to the log.
    func problem(for error: any Error, context: ServiceContext) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case let error as AWSError: return Problem(status: error.status, code: error.code, detail: error.message)
        case let error as FunctionError:
            let status: HTTPResponse.Status = error.code == .badEvent ? .badRequest : .unprocessableContent
            return Problem(status: status, code: "\(error.code)", detail: error.message)
        case let error as JobError where Self.status(of: error) != nil:
            return Problem(status: Self.status(of: error) ?? .badRequest, code: "\(error.code)", detail: error.message)
        case let error as LiquidError:
            return Problem(status: .unprocessableContent, code: "template-\(error.code)", detail: "\(error)")
        case let error as any HTTPResponseError:
            let status = error.status
            return Problem(status: status, code: Self.code(for: status), detail: Self.detail(for: status))
        default:
            context.log.error("request failed", metadata: ["cause": "\(error)"])
            return Problem(
                status: .internalServerError, code: "internal-error",
                detail: "the service failed; its log has the cause under this request's id")
        }
    }

    /// `nil` for a failure of ours, whose cause is not the caller's to know.
    private static func status(of error: JobError) -> HTTPResponse.Status? {
        switch error.code {
        case .invalid, .wrongType: .unprocessableContent
        case .notFound: .notFound
        case .notAllowed: .forbidden
        case .inUse, .leaseEnded, .closed, .limitExceeded: .conflict
        case .functionFailed, .outputFailed: .badGateway
        default: nil
        }
    }

    private static func code(for status: HTTPResponse.Status) -> String {
        status.reasonPhrase.lowercased().replacing(" ", with: "-")
    }

    private static func detail(for status: HTTPResponse.Status) -> String {
        switch status {
        case .notFound: "there is nothing at this path; `prelabel serve --help` says what is served"
        case .contentTooLarge: "the body has more than \(FunctionRoutes.maximumBodyBytes) bytes, the most that Lambda takes"
        default: status.reasonPhrase
        }
    }
}
