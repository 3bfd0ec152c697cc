import ArgumentParser
import Storage

/// Prints a URL with which any HTTP client can read an object for a time.
struct PresignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "presign", shouldDisplay: false)

    @Argument var uri: String
    @Option(help: "How long the URL answers, at most 604800 (seven days).") var seconds = 900

    func validate() throws {
        guard (1...604_800).contains(seconds) else { throw ValidationError("--seconds: expected 1 to 604800") }
    }

    func run() async throws {
        let store = try S3Store(environment: Settings.environment)
        try Terminal.write(line: try await store.presignedURL(of: ObjectURI(typed: uri), lifetimeSeconds: seconds))
    }
}
