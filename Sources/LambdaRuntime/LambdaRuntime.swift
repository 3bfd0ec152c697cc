import FoundationEssentials
import Functions
import Glibc
package import Transport

/// The loop of a Lambda custom runtime: take a call, work on it, answer, take the next (contracts section 19).
package struct LambdaRuntime: Sendable {
    /// What is left of a call's time when it is given up: enough to say so before Lambda ends the process.
    static let deadlineMargin: Duration = .milliseconds(200)

    private let api: RuntimeAPI
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - authority: `HOST:PORT` of the Runtime API.
    ///   - now: Milliseconds since 1970.
    package init(
        authority: String, transport: any HTTPTransport,
        now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) {
        (api, self.now) = (RuntimeAPI(authority: authority, transport: transport), now)
    }

    /// Answers calls until the Runtime API ends it.
    ///
    /// - Parameter handler: Called for one call at a time. It is cancelled shortly before the call's deadline.
    /// - Throws: ``LambdaRuntimeError`` when the API cannot be reached or asks the process to end.
    package func run(_ handler: @escaping @Sendable (Invocation) async -> InvocationResult) async throws(LambdaRuntimeError) {
        while !Task.isCancelled {
            let invocation = try await api.next()
            // What the X-Ray libraries of a process read.
            _ = unsafe setenv("_X_AMZN_TRACE_ID", invocation.traceID ?? "", 1)
            let result = await withinDeadline(of: invocation, handler)
            try await answer(invocation, result)
        }
    }

    /// Says that the function could not start; the process should then end with another exit code than 0.
    package func failInitialization(_ failure: InvocationFailure) async throws(LambdaRuntimeError) {
        try await api.failInitialization(failure)
    }

    private func withinDeadline(
        of invocation: Invocation, _ handler: @escaping @Sendable (Invocation) async -> InvocationResult
    ) async -> InvocationResult {
        guard invocation.deadlineMilliseconds < .max else { return await handler(invocation) }
        let time = Duration.milliseconds(invocation.deadlineMilliseconds - now()) - Self.deadlineMargin
        return await withTaskGroup(of: InvocationResult?.self) { group in
            group.addTask { await handler(invocation) }
            group.addTask {
                guard (try? await Task.sleep(for: max(time, .zero))) != nil else { return nil }
                return .failure(Self.timedOut)
            }
            var result: InvocationResult?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            return result ?? .failure(Self.timedOut)
        }
    }

    private static let timedOut = failure("Function.TimedOut", "the call did not end within the function's time limit")
    private static let responseTooLarge = failure(
        "Function.ResponseSizeTooLarge", "the response has more bytes than Lambda takes")

    private static func failure(_ type: String, _ message: String) -> InvocationFailure {
        InvocationFailure(type: type, document: FunctionError.lambdaDocument(type: type, message: message))
    }

    private func answer(_ invocation: Invocation, _ result: InvocationResult) async throws(LambdaRuntimeError) {
        let status: Int
        switch result {
        case .response(let response):
            let answered = try await api.respond(to: invocation, response)
            status = answered == 413 ? try await api.fail(invocation, Self.responseTooLarge) : answered
        case .failure(let failure): status = try await api.fail(invocation, failure)
        }
        // 400 and 403: the call is over for Lambda, such as after its deadline; the next one may come.
        guard status < 500 else { throw LambdaRuntimeError("the Runtime API answered \(status): the process is to end") }
    }
}

/// The loop cannot go on.
package struct LambdaRuntimeError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package init(_ message: String) { self.message = message }
    package var description: String { message }
}
