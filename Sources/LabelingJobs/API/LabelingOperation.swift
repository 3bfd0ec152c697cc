/// The operations of Amazon SageMaker's API that are served, with the shapes of their requests.
///
/// Members, bounds and patterns are those of the service model 2017-07-24, as botocore publishes it.
package enum LabelingOperation: String, CaseIterable, Sendable {
    case createLabelingJob = "CreateLabelingJob"
    case describeLabelingJob = "DescribeLabelingJob"
    case listLabelingJobs = "ListLabelingJobs"
    case listLabelingJobsForWorkteam = "ListLabelingJobsForWorkteam"
    case stopLabelingJob = "StopLabelingJob"
    case renderUITemplate = "RenderUiTemplate"
    case createWorkteam = "CreateWorkteam"
    case describeWorkteam = "DescribeWorkteam"
    case listWorkteams = "ListWorkteams"
    case updateWorkteam = "UpdateWorkteam"
    case deleteWorkteam = "DeleteWorkteam"
    case listWorkforces = "ListWorkforces"
    case describeWorkforce = "DescribeWorkforce"
    case addTags = "AddTags"
    case listTags = "ListTags"
    case deleteTags = "DeleteTags"

    var members: [Shape.Member] {
        switch self {
        case .createLabelingJob:
            [
                .required("LabelingJobName", .jobName),
                .required("LabelAttributeName", .text(1...127, pattern: "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,126}")),
                .required("InputConfig", .jobInput), .required("OutputConfig", .jobOutput), .required("RoleArn", .roleARN),
                .optional("LabelCategoryConfigS3Uri", .s3URI), .optional("StoppingConditions", .stoppingConditions),
                .optional("LabelingJobAlgorithmsConfig", .algorithms), .required("HumanTaskConfig", .humanTask),
                .optional("Tags", .tags),
            ]
        case .describeLabelingJob, .stopLabelingJob: [.required("LabelingJobName", .jobName)]
        case .listLabelingJobs:
            [
                .optional("CreationTimeAfter", .time), .optional("CreationTimeBefore", .time),
                .optional("LastModifiedTimeAfter", .time), .optional("LastModifiedTimeBefore", .time),
                .optional("NameContains", .text(0...63, pattern: #"[a-zA-Z0-9\-]+"#)), .optional("StatusEquals", .status),
            ] + paging(sortedBy: ["Name", "CreationTime", "Status"])
        case .listLabelingJobsForWorkteam:
            [
                .required("WorkteamArn", .teamARN), .optional("CreationTimeAfter", .time), .optional("CreationTimeBefore", .time),
                .optional("JobReferenceCodeContains", .text(1...255, pattern: ".+")),
            ] + paging(sortedBy: ["CreationTime"])
        case .renderUITemplate:
            // The pattern of both texts, [\S\s]+, takes whatever is not empty.
            [
                .optional("UiTemplate", .structure([.required("Content", .text(1...128_000))])),
                .required("Task", .structure([.required("Input", .text(2...128_000))])), .required("RoleArn", .roleARN),
                .optional("HumanTaskUiArn", .taskUIARN),
            ]
        case .createWorkteam:
            [
                .required("WorkteamName", .teamName), .optional("WorkforceName", .workforceName),
                .required("MemberDefinitions", .memberDefinitions), .required("Description", .teamDescription),
                .optional("NotificationConfiguration", .notification), .optional("WorkerAccessConfiguration", .workerAccess),
                .optional("Tags", .tags),
            ]
        case .updateWorkteam:
            [
                .required("WorkteamName", .teamName), .optional("MemberDefinitions", .memberDefinitions),
                .optional("Description", .teamDescription), .optional("NotificationConfiguration", .notification),
                .optional("WorkerAccessConfiguration", .workerAccess),
            ]
        case .describeWorkteam, .deleteWorkteam: [.required("WorkteamName", .teamName)]
        case .listWorkteams:
            [.optional("NameContains", .teamName)] + paging(sortedBy: ["Name", "CreateDate"])
        case .listWorkforces:
            [.optional("NameContains", .workforceName)] + paging(sortedBy: ["Name", "CreateDate"])
        case .describeWorkforce: [.required("WorkforceName", .workforceName)]
        case .addTags: [.required("ResourceArn", .resourceARN), .required("Tags", .tags)]
        case .listTags:
            [
                .required("ResourceArn", .resourceARN), .optional("NextToken", .nextToken),
                .optional("MaxResults", .atLeast(50)),
            ]
        case .deleteTags: [.required("ResourceArn", .resourceARN), .required("TagKeys", .list(1...50, of: .tagKey))]
        }
    }

    private func paging(sortedBy keys: [String]) -> [Shape.Member] {
        [
            .optional("MaxResults", .pageSize), .optional("NextToken", .nextToken), .optional("SortBy", .choice(keys)),
            .optional("SortOrder", .sortOrder),
        ]
    }
}
