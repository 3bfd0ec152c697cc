package import GroundTruth
package import Storage

/// What a CreateLabelingJob request asks for, as far as the job's course depends on it (contracts section 15).
package struct JobSettings: Sendable {
    /// Who consolidates, or prepares, a job's objects.
    package enum Function: Sendable, Hashable {
        case none
        case builtIn(BuiltInTask)
        /// By ARN or name.
        case named(String)

        var isNamed: Bool { if case .named = self { true } else { false } }
    }

    package let name: String
    package let attribute: String
    package let manifest: ObjectURI?
    package let inputTopic: String?
    /// Where each finished object is published.
    package let outputTopic: String?
    package let output: ObjectURI
    /// `nil` when the request has none, or an empty one.
    package let kmsKeyID: String?
    package let roleARN: String
    package let workteamARN: String
    package let categories: ObjectURI?
    package let before: Function
    package let after: Function
    package let workersPerObject: Int
    package let taskSeconds: Int
    package let availabilitySeconds: Int
    package let maximumConcurrentObjects: Int
    package let maximumLabeledObjects: Int?
    package let maximumLabeledPercent: Int?

    /// The task type that decides the form of output lines; `nil` for custom jobs.
    package var task: BuiltInTask? { if case .builtIn(let task) = after { task } else { nil } }
    /// Where the result is written (contracts section 9).
    package var outputManifest: ObjectURI { output.appending("manifests/output/output.manifest") }
    package var isStreaming: Bool { inputTopic != nil }

    /// - Throws: ``JobError`` `.invalid` that names the member.
    package init(_ request: JSONValue) throws(JobError) {
        func string(_ path: String...) -> String? { path.reduce(request) { $0?.present($1) }?.string }
        func required(_ path: String...) throws(JobError) -> String {
            guard let value = path.reduce(request, { $0?.present($1) })?.string else {
                throw JobError(.invalid, "\(path.joined(separator: ".")) must be given, as a string")
            }
            return value
        }
        func uri(_ text: String, _ member: String) throws(JobError) -> ObjectURI {
            do { return try ObjectURI(member: text) } catch { throw JobError(.invalid, "\(member): \(error)") }
        }
        func integer(_ range: ClosedRange<Int>, default standard: Int?, _ path: String...) throws(JobError) -> Int {
            guard let value = path.reduce(request, { $0?.present($1) }) else {
                if let standard { return standard }
                throw JobError(.invalid, "\(path.joined(separator: ".")) must be given")
            }
            guard let number = value.int, range.contains(number) else {
                throw JobError(
                    .invalid,
                    "\(path.joined(separator: ".")) is \(value.excerpt), expected \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        name = try required("LabelingJobName")
        attribute = try required("LabelAttributeName")
        for ending in ["-metadata", "-ref"] where attribute.hasSuffix(ending) {
            throw JobError(.invalid, "LabelAttributeName is `\(attribute)`: a name of this kind must not end in `\(ending)`")
        }
        if attribute == "source" { throw JobError(.invalid, "LabelAttributeName is `source`, which is the input's own key") }
        inputTopic = string("InputConfig", "DataSource", "SnsDataSource", "SnsTopicArn")
        outputTopic = string("OutputConfig", "SnsTopicArn").flatMap { $0.isEmpty ? nil : $0 }
        if let text = string("InputConfig", "DataSource", "S3DataSource", "ManifestS3Uri") {
            manifest = try uri(text, "InputConfig.DataSource.S3DataSource.ManifestS3Uri")
        } else {
            manifest = nil
        }
        guard manifest != nil || inputTopic != nil else {
            throw JobError(.invalid, "InputConfig.DataSource needs an S3DataSource or an SnsDataSource")
        }
        output = try uri(try required("OutputConfig", "S3OutputPath"), "OutputConfig.S3OutputPath").asFolder.appending(name)
        kmsKeyID = string("OutputConfig", "KmsKeyId").flatMap { $0.isEmpty ? nil : $0 }
        roleARN = try required("RoleArn")
        workteamARN = try required("HumanTaskConfig", "WorkteamArn")
        if let text = string("LabelCategoryConfigS3Uri") {
            categories = try uri(text, "LabelCategoryConfigS3Uri")
        } else {
            categories = nil
        }
        before = try Self.function(string("HumanTaskConfig", "PreHumanTaskLambdaArn"), .before)
        after = try Self.function(
            string("HumanTaskConfig", "AnnotationConsolidationConfig", "AnnotationConsolidationLambdaArn"), .after)
        workersPerObject = try integer(1...9, default: nil, "HumanTaskConfig", "NumberOfHumanWorkersPerDataObject")
        taskSeconds = try integer(30...28_800, default: nil, "HumanTaskConfig", "TaskTimeLimitInSeconds")
        availabilitySeconds = try integer(
            60...2_592_000, default: 2_592_000, "HumanTaskConfig", "TaskAvailabilityLifetimeInSeconds")
        maximumConcurrentObjects = try integer(1...5000, default: 1000, "HumanTaskConfig", "MaxConcurrentTaskCount")
        let count = try integer(1...Int.max, default: Int.max, "StoppingConditions", "MaxHumanLabeledObjectCount")
        maximumLabeledObjects = count == Int.max ? nil : count
        let percent = try integer(1...100, default: 0, "StoppingConditions", "MaxPercentageOfInputDatasetLabeled")
        maximumLabeledPercent = percent == 0 ? nil : percent
        if task != nil, categories == nil {
            throw JobError(.invalid, "LabelCategoryConfigS3Uri must be given: the built-in functions need the labels")
        }
    }

    private static func function(_ arn: String?, _ stage: BuiltInTask.Stage) throws(JobError) -> Function {
        guard let arn else { return .none }
        return try BuiltInTask.task(ofFunction: arn, stage: stage).map(Function.builtIn) ?? .named(arn)
    }
}

/// The labels of a label category configuration file (contracts section 4).
package struct LabelCategories: Sendable {
    /// Each a JSON object with `label`.
    package let entries: [JSONValue]
    package let labels: [String]
    /// Whether the file has `instructions`, which the built-in page for entities shows.
    package let hasInstructions: Bool

    package static let maximumBytes = 4 << 20

    /// - Throws: ``JobError`` `.invalid` that says what is wrong with the file.
    package init(parsing bytes: [UInt8]) throws(JobError) {
        let document: JSONValue
        do { document = try JSONValue.message(bytes, "the label category file") } catch {
            throw JobError(.invalid, error.message)
        }
        guard document["document-version"]?.string == "2018-11-28" else {
            throw JobError(.invalid, "the label category file has no `document-version` of `2018-11-28`, the one for text")
        }
        guard let entries = document["labels"]?.array, !entries.isEmpty else {
            throw JobError(.invalid, "the label category file has no list `labels`")
        }
        var names: [String] = []
        var seen: Set<[UInt8]> = []
        for (index, entry) in entries.enumerated() {
            guard let name = entry["label"]?.string, (1...256).contains(name.unicodeScalars.count) else {
                throw JobError(.invalid, "label \(index) of the label category file has no `label` of 1 to 256 characters")
            }
            guard seen.insert(Array(name.utf8)).inserted else {
                throw JobError(.invalid, "the label category file has the label `\(name)` twice")
            }
            names.append(name)
        }
        (self.entries, labels) = (entries, names)
        hasInstructions = document.present("instructions")?.object != nil
    }
}
