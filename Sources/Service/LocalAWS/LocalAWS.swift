import GroundTruth
import HTTPTypes
import Hummingbird
package import LabelingJobs
import NIOCore
package import Storage

/// The few calls of S3, SNS, SQS and STS that scripts around labeling jobs make, over the data folder and the job store: with
/// `AWS_ENDPOINT_URL` alone such scripts run against this program.
///
/// Callers sign their requests, and the signature's scope names the service that is meant; so all services share one port.
package struct LocalAWS: Sendable {
    let store: FolderStore
    let messaging: LocalMessaging

    package init(store: FolderStore, messaging: LocalMessaging) { (self.store, self.messaging) = (store, messaging) }
}

/// Answers requests that are signed for a service of ``LocalAWS``; lets all others pass.
struct LocalAWSServices: RouterMiddleware {
    typealias Context = ServiceContext

    /// Services that have routes of their own.
    private static let routed: Set<String> = ["lambda", "sagemaker", "textract"]

    let local: LocalAWS

    func handle(
        _ request: Request, context: ServiceContext, next: @concurrent (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let caller = SignedCaller(request), !Self.routed.contains(caller.service) else {
            return try await next(request, context)
        }
        switch caller.service {
        case "s3": return await LocalS3(store: local.store, caller: caller).respond(to: request, context: context)
        case "sns": return await LocalSNS(messaging: local.messaging, caller: caller).respond(to: request, context: context)
        case "sqs": return try await LocalSQS(messaging: local.messaging, caller: caller).respond(to: request)
        case "sts": return await LocalSTS(account: local.messaging.account, caller: caller).respond(to: request, context: context)
        default: return Self.refusal(of: caller.service, request, context)
        }
    }

    private static func refusal(of service: String, _ request: Request, _ context: ServiceContext) -> Response {
        let message =
            "the service `\(service)` is not served here; these are: lambda, s3, sagemaker, sns, sqs, sts, textract"
        guard request.headers[.contentType]?.contains("json") ?? false else {
            return QueryError("UnknownOperationException", message).response(context)
        }
        let body: JSONOutput = ["__type": "UnknownOperationException", "message": .string(message)]
        return Response(
            status: .badRequest, headers: [.contentType: "application/x-amz-json-1.1"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}
