import GroundTruth

/// A task type that Ground Truth has functions of its own for (contracts section 13).
package enum BuiltInTask: String, Sendable, CaseIterable {
    case singleLabel = "TextMultiClass"
    case multiLabel = "TextMultiClassMultiLabel"
    case entities = "NamedEntityRecognition"

    /// Under which name the worker's page hands over its answer.
    package var answerKey: String {
        switch self {
        case .singleLabel: "crowd-classifier"
        case .multiLabel: "crowd-classifier-multi-select"
        case .entities: "crowd-entity-annotation"
        }
    }

    /// `type` in the metadata of an output line.
    package var outputType: String {
        switch self {
        case .singleLabel: "groundtruth/text-classification"
        case .multiLabel: "groundtruth/text-classification-multilabel"
        case .entities: "groundtruth/text-span"
        }
    }

    /// The classes that an answer's JSON text names; `nil` where there is no such answer in it.
    package func classes(in answer: String) -> [String]? {
        guard let element = try? JSONScanner.parse(Array(answer.utf8))[answerKey] else { return nil }
        if self == .multiLabel, let labels = element["labels"]?.array { return labels.compactMap(\.string) }
        return element["label"]?.string.map { [$0] }
    }

    package enum Stage: String, Sendable {
        case before = "PRE"
        case after = "ACS"
    }

    /// Accounts that own the functions, one a region.
    private static let accounts: Set<String> = [
        "432418664414", "266458841044", "081040173940", "918755190332", "568282634449", "487402164563", "203001061592",
        "477331159723", "845288260483", "565803892007", "377565633583", "454466003867",
    ]

    /// One of AWS's own functions. Their account differs by region; here any of them will do.
    package func functionARN(_ stage: Stage, region: String) -> String {
        "arn:aws:lambda:\(region):432418664414:function:\(stage.rawValue)-\(rawValue)"
    }

    /// The task type of one of AWS's own function ARNs; `nil` for everybody else's functions.
    ///
    /// - Throws: ``JobError`` `.invalid` for a task type that is not served: images, video, point clouds.
    package static func task(ofFunction arn: String, stage: Stage) throws(JobError) -> BuiltInTask? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 7, parts[2] == "lambda", parts[5] == "function", accounts.contains(parts[4]) else { return nil }
        let prefix = "\(stage.rawValue)-"
        guard parts[6].hasPrefix(prefix), let task = BuiltInTask(rawValue: String(parts[6].dropFirst(prefix.count))) else {
            let served = allCases.map { prefix + $0.rawValue }.joined(separator: ", ")
            throw JobError(.invalid, "\(arn): `\(parts[6])` is not served here; these are: \(served)")
        }
        return task
    }
}
