import GroundTruth
package import Logging
package import Storage
package import SystemPackage

/// A function as Lambda calls it: an event's bytes in, a response's bytes out.
package struct FunctionHandler: Sendable {
    /// What a synchronous call carries each way (contracts section 19).
    package static let maximumPayloadBytes = 6 << 20

    package let name: String
    private let body: @Sendable ([UInt8], Logger) async throws(FunctionError) -> [UInt8]

    package init(name: String, body: @escaping @Sendable ([UInt8], Logger) async throws(FunctionError) -> [UInt8]) {
        (self.name, self.body) = (name, body)
    }

    package init(_ function: PreAnnotation) {
        self.init(name: "pre-annotation") { event, logger throws(FunctionError) in
            try await function.respond(to: event, logger: logger)
        }
    }

    /// - Parameter name: Another than the usual one.
    package init(_ function: PostAnnotation, name: String = "post-annotation") {
        self.init(name: name) { event, logger throws(FunctionError) in
            try await function.respond(to: event, logger: logger).body
        }
    }

    /// The function of this name; `nil` for one that is not here.
    ///
    /// - Parameters:
    ///   - models: The folder of the models that come with the program.
    ///   - currentFolder: What a relative path of a model starts from.
    /// - Throws: What is wrong with the model, when there are to be suggestions.
    package init?(
        _ name: String, settings: FunctionSettings, store: any ObjectStore, models: FilePath?, currentFolder: FilePath
    ) async throws {
        switch name {
        case "pre-annotation":
            let suggester = try await settings.suggestions.suggester(bundled: models, currentFolder: currentFolder, store: store)
            self.init(
                PreAnnotation(
                    store: store, settings: settings.preAnnotation, suggestions: suggester.map { ModelSlot($0) },
                    blindShare: settings.suggestions.blindShare))
        case "post-annotation":
            self.init(
                PostAnnotation(
                    store: store, manifest: settings.manifest, jobManifests: settings.jobManifests, method: settings.method,
                    assumesEventRole: settings.assumesEventRole))
        default: return nil
        }
    }

    /// - Parameter maximumBytes: Of the response; a caller in the same process may take more than Lambda.
    /// - Throws: ``FunctionError``, also `.responseTooLarge`: Lambda would answer with less to go on.
    package func respond(
        to event: [UInt8], logger: Logger, maximumBytes: Int = maximumPayloadBytes
    ) async throws(FunctionError) -> [UInt8] {
        let response = try await body(event, logger)
        guard response.count <= maximumBytes else {
            throw FunctionError(
                .responseTooLarge,
                "the response of \(name) has \(response.count) bytes; its caller takes \(maximumBytes). "
                    + "Use smaller batches, or keep texts out of the response")
        }
        return response
    }

    /// Whether a caller means this function: by its name, by an ARN or partial ARN, with or without a qualifier, or by a longer name
    /// that ends in it, such as `SageMaker-Prelabel-PreAnnotation`. The names of the seed's two functions are known too.
    package func isNamed(_ caller: String) -> Bool {
        var parts = caller.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let function = parts.firstIndex(of: "function") { parts.removeSubrange(...function) }
        guard let last = parts.first, !last.isEmpty, parts.count <= 2 else { return false }
        let seedNames = ["gt-prelabel-task-lambda": "pre-annotation", "gt-postlabel-task-lambda": "post-annotation"]
        if seedNames[last] == name { return true }
        return Self.plain(last).hasSuffix(Self.plain(name))
    }

    private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "-" && $0 != "_" } }
}

extension FunctionError {
    /// The error as Lambda's callers and its Runtime API have it.
    package var lambdaType: String {
        "Function." + code.description.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// `{"errorMessage":…,"errorType":…,"stackTrace":[]}`.
    package var lambdaDocument: [UInt8] { Self.lambdaDocument(type: lambdaType, message: message) }

    package static func lambdaDocument(type: String, message: String) -> [UInt8] {
        JSONOutput.object(["errorMessage": .string(message), "errorType": .string(type), "stackTrace": []]).bytes
    }
}
