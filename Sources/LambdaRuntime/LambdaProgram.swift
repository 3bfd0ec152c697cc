package import Functions
import GroundTruth
import Logging
package import Transport

/// A program that is a Lambda function: it starts, answers calls until Lambda ends it, and says so when it cannot start.
package struct LambdaProgram: Sendable {
    /// What Lambda and the function's owner set.
    private let environment: [String: String]
    private let logger: Logger

    /// - Parameter log: Takes a log line with its LF.
    package init(environment: [String: String], log: @escaping @Sendable ([UInt8]) -> Void) {
        self.environment = environment
        let level = environment["PRELABEL_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? .info
        logger = Logger(label: "prelabel") { _ in JSONLog(level: level, write: log) }
    }

    /// - Parameters:
    ///   - transport: For the Runtime API.
    ///   - handler: Makes the function that `_HANDLER` names; `nil` for a name that is unknown.
    /// - Returns: The exit code.
    package func run(
        transport: any HTTPTransport, handler makeHandler: (_ name: String) async throws -> FunctionHandler?
    ) async -> Int32 {
        guard let authority = environment["AWS_LAMBDA_RUNTIME_API"] else {
            logger.critical("AWS_LAMBDA_RUNTIME_API is not set: this program is started by AWS Lambda, or by an emulator of it")
            return 78
        }
        let runtime = LambdaRuntime(authority: authority, transport: transport)
        let name = environment["_HANDLER"] ?? ""
        do {
            do {
                guard let handler = try await makeHandler(name) else {
                    throw SettingError(message: "there is no handler `\(name)`: set the function's handler to one that it has")
                }
                try await runtime.run { await answer($0, with: handler) }
            } catch let error where !(error is LambdaRuntimeError) {
                logger.critical("the function cannot start", metadata: ["reason": "\(error)"])
                let type = "Runtime.InitializationFailed"
                try await runtime.failInitialization(
                    InvocationFailure(type: type, document: FunctionError.lambdaDocument(type: type, message: "\(error)")))
                return 1
            }
        } catch {
            logger.critical("the function ends", metadata: ["reason": "\(error)"])
            return 69
        }
        return 0
    }

    private func answer(_ invocation: Invocation, with handler: FunctionHandler) async -> InvocationResult {
        var logger = logger
        logger[metadataKey: "requestId"] = "\(invocation.requestID)"
        do throws(FunctionError) {
            return .response(try await handler.respond(to: invocation.event, logger: logger))
        } catch {
            logger.error("call failed", metadata: ["type": "\(error.lambdaType)", "reason": "\(error.message)"])
            return .failure(InvocationFailure(type: error.lambdaType, document: error.lambdaDocument))
        }
    }
}
