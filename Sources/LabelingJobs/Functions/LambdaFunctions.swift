package import AWS

/// Functions in AWS Lambda, or in what speaks its API.
package struct LambdaFunctions: JobFunctions {
    /// Of a failed function's answer that is repeated.
    private static let shownBytes = 500

    private let client: LambdaClient

    package init(session: AWSSession) { client = LambdaClient(session: session) }

    package func isOwn(_ function: String) -> Bool { false }

    package func invoke(_ function: String, event: [UInt8]) async throws(JobError) -> [UInt8] {
        let answer: LambdaClient.Answer
        do { answer = try await client.invoke(function, payload: event) } catch {
            throw Self.failure(function, error.code.rawValue, error.message)
        }
        if let functionError = answer.functionError {
            throw Self.failure(function, functionError, String(decoding: answer.payload.prefix(Self.shownBytes), as: UTF8.self))
        }
        return answer.payload
    }

    /// In Ground Truth's words (contracts section 10).
    private static func failure(_ function: String, _ code: String, _ reason: String) -> JobError {
        JobError(
            .functionFailed, "ClientError: Exception invoking the Lambda function \(function). LambdaErrorCode: \(code). \(reason)")
    }
}
