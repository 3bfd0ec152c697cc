import AWS
import Crypto
import GroundTruth
import HTTPTypes
import Hummingbird
import LabelingJobs
import NIOCore

/// Amazon SQS's queues over ``LocalMessaging``, in SQS's JSON protocol.
struct LocalSQS {
    private static let maximumBodyBytes = 2 << 20
    /// How often a receiver that waits looks into its queue.
    private static let pollInterval = Duration.milliseconds(100)

    let messaging: LocalMessaging
    let caller: SignedCaller

    func respond(to request: Request) async throws -> Response {
        do {
            let members = try await AWSRoutes.members(of: request, atMost: Self.maximumBodyBytes)
            return Self.response(.ok, try await answer(members, request))
        } catch let error as AWSError {
            return Self.response(
                error.status, ["__type": .string("com.amazonaws.sqs#\(error.code)"), "message": .string(error.message)],
                code: Self.queryCodes[error.code] ?? error.code)
        } catch let error as JobError {
            let failure = Self.error(error)
            return Self.response(
                failure.status, ["__type": .string("com.amazonaws.sqs#\(failure.code)"), "message": .string(failure.message)],
                code: Self.queryCodes[failure.code] ?? failure.code)
        }
    }

    // MARK: Operations

    private static let served = [
        "ChangeMessageVisibility", "CreateQueue", "DeleteMessage", "DeleteQueue", "GetQueueAttributes", "GetQueueUrl",
        "ReceiveMessage", "SendMessage", "SetQueueAttributes",
    ]

    private func answer(_ members: JSONValue, _ request: Request) async throws -> JSONOutput {
        let target = request.headers[.amzTarget] ?? ""
        switch target.hasPrefix("AmazonSQS.") ? String(target.dropFirst("AmazonSQS.".count)) : "" {
        case "CreateQueue":
            let name = try string("QueueName", members)
            let queue = try await messaging.createQueue(name, region: caller.region, attributes: try attributes(members))
            return ["QueueUrl": .string(url(of: queue.name, request))]
        case "GetQueueUrl":
            let queue = try await messaging.queue(try string("QueueName", members))
            return ["QueueUrl": .string(url(of: queue.name, request))]
        case "GetQueueAttributes": return try await queueAttributes(members)
        case "SetQueueAttributes":
            try await messaging.setAttributes(try attributes(members), of: try queueName(members))
            return [:]
        case "DeleteQueue":
            try await messaging.deleteQueue(try queueName(members))
            return [:]
        case "SendMessage": return try await send(members)
        case "ReceiveMessage": return try await receive(members)
        case "DeleteMessage":
            try await messaging.delete([try string("ReceiptHandle", members)], from: try queueName(members))
            return [:]
        case "ChangeMessageVisibility":
            guard let seconds = try number("VisibilityTimeout", 0...43_200, members) else {
                throw AWSError("InvalidParameterValue", "VisibilityTimeout must be given")
            }
            try await messaging.changeVisibility(
                of: try string("ReceiptHandle", members), in: try queueName(members), seconds: seconds)
            return [:]
        default:
            throw AWSError(
                "UnsupportedOperation",
                "`\(target)` is not served here; these of AmazonSQS are: \(Self.served.joined(separator: ", "))")
        }
    }

    private func queueAttributes(_ members: JSONValue) async throws -> JSONOutput {
        let queue = try await messaging.queue(try queueName(members))
        let counts = try await messaging.counts(of: queue.name)
        let set = queue.attributes
        var all: [String: String] = [
            "ApproximateNumberOfMessages": "\(counts.visible)", "ApproximateNumberOfMessagesDelayed": "\(counts.delayed)",
            "ApproximateNumberOfMessagesNotVisible": "\(counts.inFlight)",
            "CreatedTimestamp": "\(queue.created.milliseconds / 1000)",
            "DelaySeconds": "\(set.delay)", "LastModifiedTimestamp": "\(queue.modified.milliseconds / 1000)",
            "MaximumMessageSize": "\(set.maximumMessageBytes)", "MessageRetentionPeriod": "\(set.retention)", "QueueArn": queue.arn,
            "ReceiveMessageWaitTimeSeconds": "\(set.waitTime)", "VisibilityTimeout": "\(set.visibilityTimeout)",
        ]
        all["Policy"] = set.policy
        let asked = members.present("AttributeNames")?.array?.compactMap(\.string) ?? []
        if !asked.contains("All") {
            // A queue without a policy has none to show; every other name must be known.
            if let unknown = asked.first(where: { all[$0] == nil && $0 != "Policy" }) {
                throw AWSError("InvalidAttributeName", "Unknown Attribute \(unknown).")
            }
            all = all.filter { asked.contains($0.key) }
        }
        return all.isEmpty ? [:] : ["Attributes": .object(all.mapValues { .string($0) })]
    }

    private func send(_ members: JSONValue) async throws -> JSONOutput {
        let body = try string("MessageBody", members)
        for member in ["MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"]
        where members.present(member)?.object.map({ !$0.isEmpty }) ?? (members.present(member) != nil) {
            throw AWSError("UnsupportedOperation", "\(member) is not served here")
        }
        let id = try await messaging.send(
            body, to: try queueName(members), delaySeconds: try number("DelaySeconds", 0...900, members))
        return ["MD5OfMessageBody": .string(Self.md5(body)), "MessageId": .string(id)]
    }

    private func receive(_ members: JSONValue) async throws -> JSONOutput {
        let name = try queueName(members)
        let limit = try number("MaxNumberOfMessages", 1...10, members) ?? 1
        let visibility = try number("VisibilityTimeout", 0...43_200, members)
        let standardWait = try await messaging.queue(name).attributes.waitTime
        let end = ContinuousClock.now + .seconds(try number("WaitTimeSeconds", 0...20, members) ?? standardWait)
        var messages = try await messaging.receive(from: name, limit: limit, visibilitySeconds: visibility)
        while messages.isEmpty, .now < end {
            try await Task.sleep(for: Self.pollInterval)
            messages = try await messaging.receive(from: name, limit: limit, visibilitySeconds: visibility)
        }
        let names = ["AttributeNames", "MessageSystemAttributeNames"].flatMap {
            members.present($0)?.array?.compactMap(\.string) ?? []
        }
        let wanted = members.present("MessageAttributeNames")?.array?.compactMap(\.string) ?? []
        return messages.isEmpty
            ? [:] : ["Messages": .array(messages.map { Self.message($0, systemAttributes: names, attributes: wanted) })]
    }

    /// - Parameters:
    ///   - names: The attributes that SQS has on every message.
    ///   - wanted: Those that its sender gave it, each by its name, or several by what they begin with and `.*`, or `All`.
    private static func message(_ message: QueueMessage, systemAttributes names: [String], attributes wanted: [String])
        -> JSONOutput
    {
        var members: [String: JSONOutput] = [
            "Body": .string(message.body), "MD5OfBody": .string(md5(message.body)), "MessageId": .string(message.id),
            "ReceiptHandle": .string(message.handle),
        ]
        let all: [String: JSONOutput] = [
            "ApproximateFirstReceiveTimestamp": .string("\(message.received.milliseconds)"),
            "ApproximateReceiveCount": .string("\(message.receives)"), "SentTimestamp": .string("\(message.sent.milliseconds)"),
        ]
        let asked = names.contains("All") ? all : all.filter { names.contains($0.key) }
        if !asked.isEmpty { members["Attributes"] = .object(asked) }
        let attributes = message.attributes.filter { attribute in wanted.contains { attribute.isNamed($0) } }
        if !attributes.isEmpty {
            members["MessageAttributes"] = .object(Dictionary(attributes.map { ($0.name, $0.output) }) { $1 })
            members["MD5OfMessageAttributes"] = .string(attributes.md5)
        }
        return .object(members)
    }

    private static func md5(_ text: String) -> String { hexadecimal(Insecure.MD5.hash(data: Array(text.utf8))) }

    // MARK: Members

    /// Where this program is reached, with the account and the queue's name, as SQS makes its URLs.
    private func url(of queue: String, _ request: Request) -> String {
        "\(request.origin())/\(messaging.account)/\(queue)"
    }

    private func queueName(_ members: JSONValue) throws -> String {
        let url = try string("QueueUrl", members)
        return String(url.split(separator: "/").last ?? "")
    }

    private func string(_ name: String, _ members: JSONValue) throws -> String {
        guard let text = members.present(name)?.string, !text.isEmpty else {
            throw AWSError("MissingParameter", "The request must contain the parameter \(name), a string.")
        }
        return text
    }

    private func number(_ name: String, _ range: ClosedRange<Int>, _ members: JSONValue) throws -> Int? {
        guard let value = members.present(name) else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw AWSError(
                "InvalidParameterValue",
                "Value \(value.excerpt) for parameter \(name) is invalid. Reason: Must be between \(range.lowerBound) and \(range.upperBound)."
            )
        }
        return number
    }

    private func attributes(_ members: JSONValue) throws -> [(name: String, value: String)] {
        try (members.present("Attributes")?.object ?? []).map { member in
            guard let value = member.value.string else {
                throw AWSError("InvalidAttributeValue", "Invalid value for the parameter \(member.key): expected a string")
            }
            return (member.key, value)
        }
    }

    // MARK: Answers

    /// The codes that clients know from SQS's older protocol, where they differ.
    private static let queryCodes = [
        "MessageNotInflight": "AWS.SimpleQueueService.MessageNotInflight",
        "QueueDoesNotExist": "AWS.SimpleQueueService.NonExistentQueue", "QueueNameExists": "QueueAlreadyExists",
        "UnsupportedOperation": "AWS.SimpleQueueService.UnsupportedOperation",
    ]

    private static func error(_ error: JobError) -> AWSError {
        switch error.code {
        case .notFound: AWSError("QueueDoesNotExist", "The specified queue does not exist: \(error.message)")
        case .inUse: AWSError("QueueNameExists", error.message)
        case .leaseEnded: AWSError("MessageNotInflight", error.message)
        case .invalid where error.message.hasPrefix("Unknown Attribute"): AWSError("InvalidAttributeName", error.message)
        case .invalid: AWSError("InvalidParameterValue", error.message)
        default: AWSError("InternalError", error.message, status: .internalServerError)
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ body: JSONOutput, code: String? = nil) -> Response {
        var headers: HTTPFields = [.contentType: "application/x-amz-json-1.0"]
        if let code { headers[.queryError] = "\(code);\(status.kind == .serverError ? "Receiver" : "Sender")" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
    }
}

extension HTTPField.Name {
    fileprivate static let queryError = named("x-amzn-query-error")
}
