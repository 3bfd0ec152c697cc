import Transport

/// AWS Lambda's `Invoke`.
package struct LambdaClient: Sendable {
    /// What a synchronous call carries each way.
    package static let maximumPayloadBytes = 6 << 20
    /// A function may run for fifteen minutes.
    private static let maximumRun = Duration.seconds(900)

    /// What a function answered.
    package struct Answer: Sendable, Hashable {
        package let payload: [UInt8]
        /// `Handled` or `Unhandled` when the function failed; the payload then says why.
        package let functionError: String?
    }

    private let session: AWSSession

    package init(session: AWSSession) { self.session = session }

    /// Calls a function and waits for its answer.
    ///
    /// - Parameters:
    ///   - function: A name or an ARN, in whose region it is asked; with or without a qualifier.
    ///   - payload: JSON text.
    /// - Throws: ``AWSError`` when the function was not reached; `.tooLarge` for a payload or an answer above the limit.
    package func invoke(_ function: String, payload: [UInt8]) async throws(AWSError) -> Answer {
        let name = "Invoke of \(function)"
        guard payload.count <= Self.maximumPayloadBytes else {
            throw AWSError(.tooLarge, "\(name): the event has \(payload.count) bytes, Lambda takes \(Self.maximumPayloadBytes)")
        }
        let region = Self.region(of: function) ?? session.settings.region.value
        var url = try endpoint(region: region)
        url.path += "/2015-03-31/functions/\(PercentEncoding.encode(function))/invocations"
        let request = OutgoingRequest(
            "POST", url, headers: ["Content-Type": "application/json", "X-Amz-Invocation-Type": "RequestResponse"],
            body: .bytes(payload))
        var policy = session.policy
        policy.deadline = Self.maximumRun * 3
        let response = try await session.call(
            request, service: "lambda", region: region, name: name, maximumBytes: Self.maximumPayloadBytes, policy: policy)
        return Answer(payload: response.body, functionError: response.headers["X-Amz-Function-Error"])
    }

    private func endpoint(region: String) throws(AWSError) -> HTTPURL {
        let configured = try session.settings.endpoint(of: "lambda")
        return configured.origin == "default" ? AWSSettings.endpoint(of: "lambda", region: region) : configured.value
    }

    /// The region of an ARN; `nil` for a name.
    private static func region(of function: String) -> String? {
        let parts = function.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 7, parts[0] == "arn", AWSSettings.isRegion(String(parts[3])) else { return nil }
        return String(parts[3])
    }
}
