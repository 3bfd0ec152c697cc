package import GroundTruth
package import Storage

/// A labeling job in few words: spans in texts, marked on the built-in page or one's own, with this program's functions; or one of
/// Ground Truth's own tasks.
package struct JobPlan: Sendable {
    package let name: String
    /// The task of Ground Truth's whose functions are used; `nil` is spans with this program's functions.
    package let task: BuiltInTask?
    package let manifest: ObjectURI
    /// The label category file.
    package let categories: ObjectURI
    /// The worker template; `nil` is the built-in page.
    package let template: ObjectURI?
    package let output: ObjectURI
    package let teamARN: String
    package let workersPerObject: Int
    /// How answers are consolidated, by the name that `consolidate --method` takes.
    package let method: String

    package init(
        name: String, task: BuiltInTask?, manifest: ObjectURI, categories: ObjectURI, template: ObjectURI?, output: ObjectURI,
        teamARN: String, workersPerObject: Int, method: String
    ) {
        (self.name, self.task, self.manifest, self.categories, self.template) = (name, task, manifest, categories, template)
        (self.output, self.teamARN, self.workersPerObject, self.method) = (output, teamARN, workersPerObject, method)
    }

    /// What workers are told, in a sentence.
    package static func instruction(for task: BuiltInTask?) -> String {
        switch task {
        case .singleLabel: "Choose the label that fits the whole text best."
        case .multiLabel: "Choose all labels that fit the text."
        case .entities, nil: "Mark every passage that one of the labels fits, with the label that fits best."
        }
    }

    /// A CreateLabelingJob request (contracts section 15).
    package func request(_ account: JobEngine.Account) -> JSONOutput {
        let own = "arn:aws:lambda:\(account.region):\(account.id):function:prelabel-"
        let before = task?.functionARN(.before, region: account.region) ?? "\(own)pre-annotation"
        let after = task?.functionARN(.after, region: account.region) ?? "\(own)post-annotation-\(method)"
        let page: JSONOutput =
            template.map { ["UiTemplateS3Uri": .string("\($0)")] } ?? [
                "HumanTaskUiArn": .string("arn:aws:sagemaker:\(account.region):394669845002:human-task-ui/NamedEntityRecognition")
            ]
        return [
            "HumanTaskConfig": [
                "AnnotationConsolidationConfig": ["AnnotationConsolidationLambdaArn": .string(after)],
                "NumberOfHumanWorkersPerDataObject": .int(workersPerObject),
                "PreHumanTaskLambdaArn": .string(before), "TaskDescription": .string(Self.instruction(for: task)),
                "TaskTimeLimitInSeconds": 3600,
                "TaskTitle": .string("\(task == nil || task == .entities ? "Mark" : "Classify") \(name)"), "UiConfig": page,
                "WorkteamArn": .string(teamARN),
            ],
            "InputConfig": ["DataSource": ["S3DataSource": ["ManifestS3Uri": .string("\(manifest)")]]],
            "LabelAttributeName": .string(name), "LabelCategoryConfigS3Uri": .string("\(categories)"),
            "LabelingJobName": .string(name), "OutputConfig": ["S3OutputPath": .string("\(output)")],
            "RoleArn": .string("arn:aws:iam::\(account.id):role/prelabel"),
        ]
    }
}

extension LabelCategories {
    /// A label category file with these labels and an instruction in plain words (contracts section 4).
    package static func document(_ labels: [String], instruction: String) -> JSONOutput {
        let markup = JSONOutput.string("<p>\(instruction)</p>")
        return [
            "document-version": "2018-11-28", "instructions": ["fullInstruction": markup, "shortInstruction": markup],
            "labels": .array(labels.map { ["label": .string($0)] }),
        ]
    }
}
