import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import Logging

/// Amazon SNS's topics over ``LocalMessaging``: CreateTopic, Subscribe (queues), Unsubscribe, Publish.
struct LocalSNS {
    private static let namespace = "http://sns.amazonaws.com/doc/2010-03-31/"

    let messaging: LocalMessaging
    let caller: SignedCaller

    func respond(to request: Request, context: ServiceContext) async -> Response {
        do {
            let query = try await QueryRequest(request)
            return .query(query.action, namespace: Self.namespace, try await answer(query, origin: request.origin()), context)
        } catch let error as QueryError {
            return error.response(context)
        } catch let error as JobError {
            return Self.error(error).response(context)
        } catch {
            context.log.error("SNS request failed", metadata: ["cause": "\(error)"])
            return QueryError("InternalError", "the service failed; its log has the cause", status: .internalServerError)
                .response(context)
        }
    }

    private func answer(_ query: QueryRequest, origin: String) async throws -> [XMLOutput] {
        switch query.action {
        case "CreateTopic":
            if let attribute = query.parameters["Attributes.entry.1.key"] {
                throw QueryError("InvalidParameter", "Invalid parameter: the attribute \(attribute) of a topic is not served here")
            }
            return [XMLOutput("TopicArn", try await messaging.createTopic(try query.required("Name"), region: caller.region))]
        case "Subscribe": return [XMLOutput("SubscriptionArn", try await subscribe(query))]
        case "Unsubscribe":
            try await messaging.unsubscribe(try query.required("SubscriptionArn"))
            return []
        case "Publish": return [XMLOutput("MessageId", try await publish(query, origin: origin))]
        default:
            throw QueryError(
                "InvalidAction",
                "`\(query.action)` of SNS is not served here; these are: CreateTopic, Publish, Subscribe, Unsubscribe")
        }
    }

    private func subscribe(_ query: QueryRequest) async throws -> String {
        let scheme = try query.required("Protocol")
        guard scheme == "sqs" else {
            throw QueryError("InvalidParameter", "Invalid parameter: Protocol `\(scheme)` is not served here; `sqs` is")
        }
        var isRaw = false
        for number in 1... {
            guard let key = query.parameters["Attributes.entry.\(number).key"] else { break }
            let value = query.parameters["Attributes.entry.\(number).value"]
            guard key == "RawMessageDelivery", let value, ["true", "false"].contains(value) else {
                throw QueryError("InvalidParameter", "Invalid parameter: Attributes: `\(key)` is not served here, or not so")
            }
            isRaw = value == "true"
        }
        return try await messaging.subscribe(
            queue: try query.required("Endpoint"), to: try query.required("TopicArn"), isRaw: isRaw)
    }

    private func publish(_ query: QueryRequest, origin: String) async throws -> String {
        guard let topic = query.parameters["TopicArn"] ?? query.parameters["TargetArn"] else {
            throw QueryError("InvalidParameter", "Invalid parameter: TopicArn or TargetArn must be given")
        }
        if query.parameters["MessageStructure"] != nil {
            throw QueryError(
                "InvalidParameter", "Invalid parameter: MessageStructure is not served here; publish the message itself")
        }
        var publication = Publication(try query.required("Message"))
        publication.subject = query.parameters["Subject"]
        publication.attributes = try Self.attributes(query)
        publication.origin = origin
        return try await messaging.publish(publication, to: topic)
    }

    /// In the order of their names' bytes; of two with one name the last.
    private static func attributes(_ query: QueryRequest) throws(QueryError) -> [MessageAttribute] {
        var attributes: [MessageAttribute] = []
        for number in 1... {
            let entry = "MessageAttributes.entry.\(number)"
            guard let name = query.parameters["\(entry).Name"] else { break }
            let value = query.parameters["\(entry).Value.StringValue"] ?? query.parameters["\(entry).Value.BinaryValue"]
            attributes.removeAll { $0.name.utf8.elementsEqual(name.utf8) }
            attributes.append(
                MessageAttribute(name: name, type: try query.required("\(entry).Value.DataType"), value: value ?? ""))
        }
        return attributes.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func error(_ error: JobError) -> QueryError {
        switch error.code {
        case .notFound: QueryError("NotFound", error.message, status: .notFound)
        case .invalid: QueryError("InvalidParameter", "Invalid parameter: \(error.message)")
        default: QueryError("InternalError", error.message, status: .internalServerError)
        }
    }
}
