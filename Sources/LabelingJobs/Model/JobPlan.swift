package import GroundTruth
package import Storage

/// A labeling job in few words: spans in texts, marked on the built-in page or one's own, with this program's functions.
package struct JobPlan: Sendable {
    package let name: String
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
        name: String, manifest: ObjectURI, categories: ObjectURI, template: ObjectURI?, output: ObjectURI, teamARN: String,
        workersPerObject: Int, method: String
    ) {
        (self.name, self.manifest, self.categories, self.template) = (name, manifest, categories, template)
        (self.output, self.teamARN, self.workersPerObject, self.method) = (output, teamARN, workersPerObject, method)
    }

    /// A CreateLabelingJob request (contracts section 15).
    package func request(_ account: JobEngine.Account) -> JSONOutput {
        let function = "arn:aws:lambda:\(account.region):\(account.id):function:prelabel-"
        let page: JSONOutput =
            template.map { ["UiTemplateS3Uri": .string("\($0)")] } ?? [
                "HumanTaskUiArn": .string("arn:aws:sagemaker:\(account.region):394669845002:human-task-ui/NamedEntityRecognition")
            ]
        return [
            "HumanTaskConfig": [
                "AnnotationConsolidationConfig": [
                    "AnnotationConsolidationLambdaArn": .string("\(function)post-annotation-\(method)")
                ],
                "NumberOfHumanWorkersPerDataObject": .int(workersPerObject),
                "PreHumanTaskLambdaArn": .string("\(function)pre-annotation"),
                "TaskDescription": "Mark every passage that one of the labels fits.", "TaskTimeLimitInSeconds": 3600,
                "TaskTitle": .string("Mark \(name)"), "UiConfig": page, "WorkteamArn": .string(teamARN),
            ],
            "InputConfig": ["DataSource": ["S3DataSource": ["ManifestS3Uri": .string("\(manifest)")]]],
            "LabelAttributeName": .string(name), "LabelCategoryConfigS3Uri": .string("\(categories)"),
            "LabelingJobName": .string(name), "OutputConfig": ["S3OutputPath": .string("\(output)")],
            "RoleArn": .string("arn:aws:iam::\(account.id):role/prelabel"),
        ]
    }
}

extension LabelCategories {
    /// A label category file with these labels and plain instructions (contracts section 4).
    package static func document(_ labels: [String]) -> JSONOutput {
        let instruction = "<p>Mark every passage that one of the labels fits, with the label that fits best.</p>"
        return [
            "document-version": "2018-11-28",
            "instructions": ["fullInstruction": .string(instruction), "shortInstruction": .string(instruction)],
            "labels": .array(labels.map { ["label": .string($0)] }),
        ]
    }
}
