import HTTPTypes
import Hummingbird
import Logging

/// `GetCallerIdentity`: whoever calls is a user of this program's account.
struct LocalSTS {
    let account: String
    let caller: SignedCaller

    func respond(to request: Request, context: ServiceContext) async -> Response {
        do {
            let query = try await QueryRequest(request)
            guard query.action == "GetCallerIdentity" else {
                throw QueryError("InvalidAction", "`\(query.action)` of STS is not served here; this is: GetCallerIdentity")
            }
            return .query(
                query.action, namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
                [
                    XMLOutput("Arn", "arn:aws:iam::\(account):user/\(caller.accessKeyID)"), XMLOutput("UserId", caller.accessKeyID),
                    XMLOutput("Account", account),
                ], context)
        } catch let error as QueryError {
            return error.response(context)
        } catch {
            context.log.error("STS request failed", metadata: ["cause": "\(error)"])
            return QueryError("InternalFailure", "the service failed; its log has the cause", status: .internalServerError)
                .response(context)
        }
    }
}
