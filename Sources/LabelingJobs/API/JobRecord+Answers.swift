package import GroundTruth
import Storage

/// A job as the API's answers have it (contracts section 15).
extension JobRecord {
    /// By which workers and the job's owner can speak of the job; different for a later job of the same name in another store.
    package var referenceCode: String { "\(id)-\(name.lowercased())" }
    static let referenceExpression = "(id || '-' || key)"

    /// `DescribeLabelingJobResponse`.
    package func description(_ counters: LabelCounters, tags: [ResourceTag]) -> JSONOutput {
        var answer = common(counters)
        answer["JobReferenceCode"] = .string(referenceCode)
        answer["OutputConfig"] = .raw(outputConfig[...])
        for member in [
            "HumanTaskConfig", "LabelAttributeName", "LabelCategoryConfigS3Uri", "LabelingJobAlgorithmsConfig", "RoleArn",
            "StoppingConditions",
        ] {
            if let value = request.present(member) { answer[member] = .raw(value) }
        }
        if !tags.isEmpty { answer["Tags"] = .array(tags.map(\.output)) }
        return .object(answer)
    }

    /// An element of ListLabelingJobs.
    package func summary(_ counters: LabelCounters) -> JSONOutput {
        var answer = common(counters)
        answer["WorkteamArn"] = .string(settings.workteamARN)
        let task = request.present("HumanTaskConfig")
        if let arn = task?.present("PreHumanTaskLambdaArn") { answer["PreHumanTaskLambdaArn"] = .raw(arn) }
        if let arn = task?.present("AnnotationConsolidationConfig")?.present("AnnotationConsolidationLambdaArn") {
            answer["AnnotationConsolidationLambdaArn"] = .raw(arn)
        }
        return .object(answer)
    }

    /// An element of ListLabelingJobsForWorkteam.
    package func teamSummary(_ counters: LabelCounters, account: JobEngine.Account) -> JSONOutput {
        [
            "CreationTime": .decimal(created.epochSeconds), "JobReferenceCode": .string(referenceCode),
            "LabelCounters": [
                "HumanLabeled": .int(counters.labeled), "PendingHuman": .int(counters.pending), "Total": .int(counters.total),
            ],
            "LabelingJobName": .string(name), "NumberOfHumanWorkersPerDataObject": .int(settings.workersPerObject),
            "WorkRequesterAccountId": .string(account.id),
        ]
    }

    private func common(_ counters: LabelCounters) -> [String: JSONOutput] {
        var answer: [String: JSONOutput] = [
            "CreationTime": .decimal(created.epochSeconds),
            "LabelCounters": [
                "FailedNonRetryableError": .int(counters.failed), "HumanLabeled": .int(counters.labeled), "MachineLabeled": 0,
                "TotalLabeled": .int(counters.labeled), "Unlabeled": .int(counters.unlabeled),
            ],
            "LabelingJobArn": .string(arn), "LabelingJobName": .string(name), "LabelingJobStatus": .string(status.rawValue),
            "LastModifiedTime": .decimal(modified.epochSeconds),
        ]
        if let input = request.present("InputConfig") { answer["InputConfig"] = .raw(input) }
        if let failureReason { answer["FailureReason"] = .string(failureReason) }
        if hasOutput { answer["LabelingJobOutput"] = ["OutputDatasetS3Uri": .string("\(settings.outputManifest)")] }
        return answer
    }

    /// As requested, with the empty key id that AWS shows for none.
    private var outputConfig: [UInt8] {
        guard let config = request.present("OutputConfig") else { return Array("{}".utf8) }
        return config.present("KmsKeyId") == nil ? config.setting(["KmsKeyId": ""]) : Array(config.raw)
    }
}

extension TeamRecord {
    /// `Workteam`.
    ///
    /// - Parameter portal: Where the team's workers find their tasks, without the scheme; `nil` when that is not known.
    package func description(portal: String?, account: JobEngine.Account) -> JSONOutput {
        var answer: [String: JSONOutput] = [
            "CreateDate": .decimal(created.epochSeconds), "LastUpdatedDate": .decimal(modified.epochSeconds),
            "WorkforceArn": .string(Workteam.workforceARN(in: account)), "WorkteamArn": .string(arn),
            "WorkteamName": .string(name),
        ]
        for member in TeamRecord.changeableMembers {
            if let value = request.present(member) { answer[member] = .raw(value) }
        }
        if let portal { answer["SubDomain"] = .string(portal) }
        return .object(answer)
    }
}
