/// What a member of a request may be, as the service's own model says it.
indirect enum Shape: Sendable {
    /// Unicode scalars, and the regular expression that the whole text has to match.
    case text(ClosedRange<Int>, pattern: String?)
    case choice([String])
    case integer(ClosedRange<Int>)
    /// Seconds since 1970, perhaps with a fraction.
    case time
    case list(ClosedRange<Int>, of: Shape)
    case structure([Member])

    struct Member: Sendable {
        let name: String
        let shape: Shape
        let isRequired: Bool

        static func required(_ name: String, _ shape: Shape) -> Member { Member(name: name, shape: shape, isRequired: true) }
        static func optional(_ name: String, _ shape: Shape) -> Member { Member(name: name, shape: shape, isRequired: false) }
    }

    static func text(_ length: ClosedRange<Int>) -> Shape { .text(length, pattern: nil) }
    static func atLeast(_ least: Int) -> Shape { .integer(least...Int(Int32.max)) }
}

/// Shapes that several members share, and structures that stand inside of others.
extension Shape {
    static let jobName = text(1...63, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
    static let teamName = jobName
    static let workforceName = text(1...63, pattern: #"[a-zA-Z0-9]([a-zA-Z0-9\-]){0,62}"#)
    static let s3URI = text(0...1024, pattern: "(https|s3)://([^/]+)/?(.*)")
    static let kmsKeyID = text(0...2048, pattern: "[a-zA-Z0-9:/_-]*")
    static let roleARN = text(20...2048, pattern: #"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+"#)
    static let teamARN = text(0...256, pattern: #"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:workteam/.*"#)
    static let functionARN = text(0...2048, pattern: #"arn:aws[a-z\-]*:lambda:[a-z0-9\-]*:[0-9]{12}:function:.*"#)
    static let topicARN = text(0...2048, pattern: #"arn:aws[a-z\-]*:sns:[a-z0-9\-]*:[0-9]{12}:[a-zA-Z0-9_.-]+"#)
    static let taskUIARN = text(0...1024, pattern: #"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]+:[0-9]{12}:human-task-ui/.*"#)
    static let resourceARN = text(0...256, pattern: "arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:.+")
    static let nextToken = text(0...8192, pattern: ".*")
    static let pageSize = integer(1...100)
    static let sortOrder = choice(["Ascending", "Descending"])
    static let status = choice(["Initializing", "InProgress", "Completed", "Failed", "Stopping", "Stopped"])

    // MARK: Tags

    private static let tagText = #"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"#
    static let tagKey = text(1...128, pattern: tagText)
    static let tags = list(
        0...50, of: .structure([.required("Key", tagKey), .required("Value", text(0...256, pattern: tagText))]))

    // MARK: Jobs

    static let jobInput = structure([
        .required(
            "DataSource",
            .structure([
                .optional("S3DataSource", .structure([.required("ManifestS3Uri", s3URI)])),
                .optional("SnsDataSource", .structure([.required("SnsTopicArn", topicARN)])),
            ])),
        .optional(
            "DataAttributes",
            .structure([
                .optional(
                    "ContentClassifiers",
                    .list(0...256, of: .choice(["FreeOfPersonallyIdentifiableInformation", "FreeOfAdultContent"])))
            ])),
    ])

    static let jobOutput = structure([
        .required("S3OutputPath", s3URI), .optional("KmsKeyId", kmsKeyID), .optional("SnsTopicArn", topicARN),
    ])

    static let stoppingConditions = structure([
        .optional("MaxHumanLabeledObjectCount", atLeast(1)),
        .optional("MaxPercentageOfInputDatasetLabeled", integer(1...100)),
    ])

    private static let networkID = text(0...32, pattern: "[-0-9a-zA-Z]+")

    static let algorithms = structure([
        .required("LabelingJobAlgorithmSpecificationArn", text(0...2048, pattern: "arn:.*")),
        .optional(
            "InitialActiveLearningModelArn",
            text(20...2048, pattern: #"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:model/.*"#)),
        .optional(
            "LabelingJobResourceConfig",
            .structure([
                .optional("VolumeKmsKeyId", kmsKeyID),
                .optional(
                    "VpcConfig",
                    .structure([
                        .required("SecurityGroupIds", .list(1...5, of: networkID)),
                        .required("Subnets", .list(1...16, of: networkID)),
                    ])),
            ])),
    ])

    static let humanTask = structure([
        .required("WorkteamArn", teamARN),
        .required(
            "UiConfig", .structure([.optional("UiTemplateS3Uri", s3URI), .optional("HumanTaskUiArn", taskUIARN)])),
        .optional("PreHumanTaskLambdaArn", functionARN),
        .optional("TaskKeywords", .list(1...5, of: text(1...30, pattern: "[A-Za-z0-9]+( [A-Za-z0-9]+)*"))),
        .required("TaskTitle", text(1...128, pattern: #"[\t\n\r -\uD7FF\uE000-\uFFFD]*"#)),
        .required("TaskDescription", text(1...255, pattern: ".+")),
        .required("NumberOfHumanWorkersPerDataObject", integer(1...9)),
        .required("TaskTimeLimitInSeconds", atLeast(30)),
        .optional("TaskAvailabilityLifetimeInSeconds", atLeast(60)),
        .optional("MaxConcurrentTaskCount", integer(1...5000)),
        .optional(
            "AnnotationConsolidationConfig", .structure([.required("AnnotationConsolidationLambdaArn", functionARN)])),
        .optional(
            "PublicWorkforceTaskPrice",
            .structure([
                .optional(
                    "AmountInUsd",
                    .structure([
                        .optional("Dollars", integer(0...2)), .optional("Cents", integer(0...99)),
                        .optional("TenthFractionsOfACent", integer(0...9)),
                    ]))
            ])),
    ])

    // MARK: Teams

    static let memberDefinitions = list(
        1...10,
        of: .structure([
            .optional(
                "CognitoMemberDefinition",
                .structure([
                    .required("UserPool", text(1...55, pattern: #"[\w-]+_[0-9a-zA-Z]+"#)),
                    .required("UserGroup", text(1...128, pattern: groupName)),
                    .required("ClientId", text(1...1024, pattern: "[ -~]+")),
                ])),
            .optional(
                "OidcMemberDefinition",
                .structure([.optional("Groups", .list(1...10, of: text(1...63, pattern: groupName)))])),
        ]))

    private static let groupName = #"[\p{L}\p{M}\p{S}\p{N}\p{P}]+"#

    static let teamDescription = text(1...200, pattern: ".+")

    static let notification = structure([
        .optional(
            "NotificationTopicArn",
            text(0...2048, pattern: #"arn:aws[a-z\-]*:sns:[a-z0-9\-]*:[0-9]{12}:[a-zA-Z0-9_.-]*"#))
    ])

    private static let switched = choice(["Enabled", "Disabled"])

    static let workerAccess = structure([
        .optional(
            "S3Presign",
            .structure([
                .optional(
                    "IamPolicyConstraints",
                    .structure([.optional("SourceIp", switched), .optional("VpcSourceIp", switched)]))
            ]))
    ])
}
