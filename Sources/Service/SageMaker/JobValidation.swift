import FoundationEssentials
package import Functions
package import GroundTruth
package import LabelingJobs
package import Logging
import Storage

/// Finds what would make a labeling job fail, before it starts.
package struct JobValidation: Sendable {
    /// Something to repair, or to look at.
    package struct Finding: Sendable {
        /// The error that AWS's API, or the job's FailureReason, would have; `warning` for what keeps no job from running.
        package let code: String
        package let message: String
    }

    let engine: JobEngine
    let handlers: [FunctionHandler]
    let logger: Logger

    package init(engine: JobEngine, handlers: [FunctionHandler] = [], logger: Logger = Logger(label: "prelabel")) {
        (self.engine, self.handlers, self.logger) = (engine, handlers, logger)
    }

    /// Everything: the request by the model and beyond it, the objects that it names, its functions, and the template with the first
    /// line of the manifest.
    ///
    /// - Throws: ``JobError`` `.storeFailed`.
    package func findings(in request: JSONValue) async throws(JobError) -> [Finding] {
        do { try LabelingOperation.createLabelingJob.check(request) } catch { return [finding(error)] }
        var findings = try await engine.faults(in: request).map(finding)
        guard let settings = try? JobSettings(request) else { return findings }
        let (template, templateFindings) = await checkTemplate(request, settings)
        findings += templateFindings
        let (categories, categoryFindings) = await checkCategories(request, settings)
        findings += categoryFindings
        findings += checkFunctions(settings)
        let (first, manifestFindings) = await checkManifest(settings)
        findings += manifestFindings
        if let template, let first { findings += await render(template, first, settings, categories) }
        return findings
    }

    /// The quick part, for a job that is about to be created: the request, and the template and categories that it names.
    ///
    /// - Throws: ``JobError`` for the first fault.
    package func check(_ request: JSONValue) async throws(JobError) {
        try LabelingOperation.createLabelingJob.check(request)
        if let fault = try await engine.faults(in: request).first { throw fault }
        let settings = try JobSettings(request)
        let findings = await checkTemplate(request, settings).findings + checkCategories(request, settings).findings
        if let fault = findings.first(where: { $0.code != Self.warning }) { throw JobError(.invalid, fault.message) }
    }

    package static let warning = "warning"
    /// A job that is created and then fails, with this in its FailureReason.
    static let clientError = "ClientError"

    func finding(_ error: JobError) -> Finding {
        Finding(code: AWSError(error)?.code ?? "InternalFailure", message: error.message)
    }
    func invalid(_ message: String) -> Finding { finding(JobError(.invalid, message)) }

    // MARK: Categories

    private func checkCategories(
        _ request: JSONValue, _ settings: JobSettings
    ) async -> (categories: LabelCategories?, findings: [Finding]) {
        guard let uri = settings.categories else { return (nil, []) }
        let member = "LabelCategoryConfigS3Uri"
        let bytes: [UInt8]
        do { bytes = try await engine.objects.get(uri, atMost: LabelCategories.maximumBytes) } catch {
            return (nil, [invalid("\(member): \(error)")])
        }
        do throws(JobError) {
            let categories = try LabelCategories(parsing: bytes)
            try categories.check(for: settings.task)
            let page = request.present("HumanTaskConfig")?.present("UiConfig")
            if page?.present("HumanTaskUiArn") != nil, !categories.hasInstructions {
                throw JobError(.invalid, "the label category file has no `instructions`, which the built-in page shows")
            }
            return (categories, [])
        } catch {
            return (nil, [invalid("\(member): \(uri): \(error)")])
        }
    }

    // MARK: Functions

    private func checkFunctions(_ settings: JobSettings) -> [Finding] {
        let functions = [
            ("PreHumanTaskLambdaArn", settings.before),
            ("AnnotationConsolidationConfig.AnnotationConsolidationLambdaArn", settings.after),
        ]
        var findings: [Finding] = functions.compactMap { member, function in
            guard case .named(let name) = function, !handlers.contains(where: { $0.isNamed(name) }) else { return nil }
            let message = "HumanTaskConfig.\(member): \(name) is none of this program's functions; it is called through Lambda"
            return Finding(code: Self.warning, message: message)
        }
        if case (.builtIn(let before), .builtIn(let after)) = (settings.before, settings.after), before != after {
            findings.append(
                Finding(
                    code: Self.warning,
                    message:
                        "HumanTaskConfig: PRE-\(before.rawValue) prepares tasks of another type than ACS-\(after.rawValue) takes"))
        }
        return findings
    }

    // MARK: Manifest

    /// Findings of a manifest that are listed; all are counted.
    private static let maximumManifestFindings = 20
    /// What a job takes as it is.
    private static let tolerableInManifest: Set<String> = ["blank-line", "missing-final-newline", "duplicate-key", "not-s3"]

    private func checkManifest(_ settings: JobSettings) async -> (first: ManifestLine?, findings: [Finding]) {
        guard let uri = settings.manifest else { return (nil, []) }
        let member = "InputConfig.DataSource.S3DataSource.ManifestS3Uri"
        var validator = ManifestValidator()
        var first: ManifestLine?
        var findings: [Finding] = []
        var count = 0
        do {
            try await engine.objects.forEachLine(of: uri) { line in
                if first == nil { first = try? ManifestLine(parsing: line.bytes) }
                for found in validator.check(line).findings {
                    count += 1
                    guard findings.count < Self.maximumManifestFindings else { continue }
                    let code = Self.tolerableInManifest.contains(found.code) ? Self.warning : Self.clientError
                    findings.append(Finding(code: code, message: "\(member): \(uri):\(found.line): \(found)"))
                }
            }
        } catch {
            return (nil, [Finding(code: Self.clientError, message: "\(member): \(error)")])
        }
        if first == nil, count == 0 { findings.append(Finding(code: Self.clientError, message: "\(member): \(uri) has no lines")) }
        if count > findings.count {
            findings.append(Finding(code: Self.clientError, message: "\(member): \(uri): \(count) findings in all"))
        }
        return (first, findings)
    }
}
