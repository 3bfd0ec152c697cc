import Transport

/// Lambda's Runtime API for custom runtimes, version 2018-06-01 (contracts section 19).
struct RuntimeAPI: Sendable {
    /// Events come with at most 6 MB; this is room for a service that grows.
    private static let maximumEventBytes = 32 << 20

    /// `HOST:PORT`, as `AWS_LAMBDA_RUNTIME_API` has it.
    let authority: String
    let transport: any HTTPTransport

    /// Waits for the next call, as long as it takes.
    func next() async throws(LambdaRuntimeError) -> Invocation {
        let answer = try await exchange(OutgoingRequest("GET", url("invocation/next")))
        guard answer.status == 200, let requestID = answer.headers["Lambda-Runtime-Aws-Request-Id"] else {
            throw LambdaRuntimeError("the Runtime API answered \(answer.status) to a request for the next call")
        }
        return Invocation(
            requestID: requestID, deadlineMilliseconds: answer.headers["Lambda-Runtime-Deadline-Ms"].flatMap { Int64($0) } ?? .max,
            functionARN: answer.headers["Lambda-Runtime-Invoked-Function-Arn"] ?? "",
            traceID: answer.headers["Lambda-Runtime-Trace-Id"], event: answer.body)
    }

    /// - Returns: The status of the answer; 202 is good.
    func respond(to invocation: Invocation, _ response: [UInt8]) async throws(LambdaRuntimeError) -> Int {
        let headers: HTTPHeaders = ["Content-Type": "application/json"]
        let url = url("invocation/\(invocation.requestID)/response")
        return try await exchange(OutgoingRequest("POST", url, headers: headers, body: .bytes(response))).status
    }

    /// - Returns: The status of the answer; 202 is good.
    func fail(_ invocation: Invocation, _ failure: InvocationFailure) async throws(LambdaRuntimeError) -> Int {
        try await post(failure, to: "invocation/\(invocation.requestID)/error")
    }

    func failInitialization(_ failure: InvocationFailure) async throws(LambdaRuntimeError) {
        _ = try await post(failure, to: "init/error")
    }

    private func post(_ failure: InvocationFailure, to path: String) async throws(LambdaRuntimeError) -> Int {
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": failure.type,
        ]
        return try await exchange(OutgoingRequest("POST", url(path), headers: headers, body: .bytes(failure.document))).status
    }

    private func url(_ path: String) -> HTTPURL {
        HTTPURL(scheme: .http, authority: authority, path: "/2018-06-01/runtime/\(path)")
    }

    private func exchange(
        _ request: OutgoingRequest
    ) async throws(LambdaRuntimeError) -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        var request = request
        request.usesProxy = false
        do throws(TransportError) {
            let response = try await transport.send(request)
            return (response.status, response.headers, try await response.body.collect(atMost: Self.maximumEventBytes))
        } catch {
            throw LambdaRuntimeError("the Runtime API at \(authority) cannot be reached: \(error)")
        }
    }
}
