package import Functions
package import Logging

/// Calls a job's pre- and post-annotation functions.
package protocol JobFunctions: Sendable {
    /// - Parameters:
    ///   - function: An ARN or a name.
    ///   - event: JSON text.
    /// - Returns: What the function answered.
    /// - Throws: ``JobError`` `.functionFailed`.
    func invoke(_ function: String, event: [UInt8]) async throws(JobError) -> [UInt8]

    /// Whether a function is this program's own: it may then be asked about a whole job at once.
    func isOwn(_ function: String) -> Bool
}

/// The functions of this program, in process; every other by a call of Lambda's, where there is one to ask.
package struct LocalFunctions: JobFunctions {
    private static let maximumResponseBytes = 256 << 20

    private let handlers: [FunctionHandler]
    private let logger: Logger
    private let elsewhere: (any JobFunctions)?

    /// - Parameter elsewhere: Who calls functions that are not here; `nil` refuses them.
    package init(handlers: [FunctionHandler], logger: Logger, elsewhere: (any JobFunctions)? = nil) {
        (self.handlers, self.logger, self.elsewhere) = (handlers, logger, elsewhere)
    }

    package func isOwn(_ function: String) -> Bool { handlers.contains { $0.isNamed(function) } }

    package func invoke(_ function: String, event: [UInt8]) async throws(JobError) -> [UInt8] {
        guard let handler = handlers.first(where: { $0.isNamed(function) }) else {
            guard let elsewhere else {
                throw JobError(
                    .functionFailed,
                    "\(JobError.functionFailure) \(function). It is not here, and no Lambda endpoint is configured")
            }
            return try await elsewhere.invoke(function, event: event)
        }
        do { return try await handler.respond(to: event, logger: logger, maximumBytes: Self.maximumResponseBytes) } catch {
            throw JobError(
                .functionFailed,
                "\(JobError.functionFailure) \(function). LambdaErrorCode: Unhandled. \(error)")
        }
    }
}
