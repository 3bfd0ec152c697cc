package import GroundTruth
import Storage

/// What a CreateLabelingJob request has to keep to beyond the service's model, as far as the request alone tells.
package enum JobRules {
    /// Seconds that a task of the public work team can be available; without a word it is half of that.
    static let publicAvailability = (standard: 21_600, maximum: 43_200)
    static let privateAvailability = 2_592_000
    static let concurrentTasks = 1000

    /// The built-in pages that are served, by the last part of their ARN.
    package static let servedTaskUIs = ["NamedEntityRecognition"]

    /// Everything that is wrong with a request that has passed ``LabelingOperation/check(_:)``.
    package static func faults(in request: JSONValue) -> [JobError] {
        let task = request.present("HumanTaskConfig")
        var faults: [JobError] = []
        func check(_ body: () throws(JobError) -> Void) { do { try body() } catch { faults.append(error) } }
        check { () throws(JobError) in _ = try JobSettings(request) }
        check { () throws(JobError) in try checkPage(task?.present("UiConfig")) }
        check { () throws(JobError) in try checkTeam(task) }
        check { () throws(JobError) in try checkTopics(request) }
        check { () throws(JobError) in _ = try ResourceTag.tags(in: ResourceTag.withoutOwn(request)) }
        if request.present("LabelingJobAlgorithmsConfig") != nil {
            faults.append(
                JobError(
                    .invalid,
                    "LabelingJobAlgorithmsConfig: automated data labeling is not served here; leave the member out, and see "
                        + "suggestions for pre-labels"))
        }
        return faults
    }

    private static func checkPage(_ page: JSONValue?) throws(JobError) {
        let (template, builtIn) = (page?.present("UiTemplateS3Uri")?.string, page?.present("HumanTaskUiArn")?.string)
        guard (template == nil) != (builtIn == nil) else {
            throw JobError(.invalid, "HumanTaskConfig.UiConfig must have one of UiTemplateS3Uri and HumanTaskUiArn")
        }
        if let builtIn { _ = try servedTaskUI(builtIn) }
        guard let template else { return }
        do { _ = try ObjectURI(member: template) } catch {
            throw JobError(.invalid, "HumanTaskConfig.UiConfig.UiTemplateS3Uri: \(error)")
        }
    }

    /// The name of a built-in page.
    ///
    /// - Throws: ``JobError`` `.invalid` that names those that are served.
    package static func servedTaskUI(_ arn: String) throws(JobError) -> String {
        let name = String(arn[(arn.lastIndex(of: "/").map { arn.index(after: $0) } ?? arn.startIndex)...])
        guard servedTaskUIs.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else {
            throw JobError(
                .invalid,
                "HumanTaskUiArn: `\(name)` is not served here; these are: \(servedTaskUIs.joined(separator: ", "))")
        }
        return name
    }

    /// Topics of both ends are standard ones (contracts section 16): a FIFO topic sends to no standard queue.
    private static func checkTopics(_ request: JSONValue) throws(JobError) {
        let topics = [
            (
                "InputConfig.DataSource.SnsDataSource",
                request.present("InputConfig")?.present("DataSource")?.present("SnsDataSource")
            ),
            ("OutputConfig", request.present("OutputConfig")),
        ]
        for (holder, value) in topics {
            guard let topic = value?.present("SnsTopicArn")?.string, topic.hasSuffix(".fifo") else { continue }
            throw JobError(.invalid, "\(holder).SnsTopicArn is `\(topic)`, a FIFO topic; labeling jobs take standard topics")
        }
    }

    private static func checkTeam(_ task: JSONValue?) throws(JobError) {
        guard let arn = task?.present("WorkteamArn")?.string, Workteam.isPublic(arn) else { return }
        if let seconds = task?.present("TaskAvailabilityLifetimeInSeconds")?.int, seconds > publicAvailability.maximum {
            throw JobError(
                .invalid,
                "HumanTaskConfig.TaskAvailabilityLifetimeInSeconds is \(seconds); with the public work team it is at most "
                    + "\(publicAvailability.maximum)")
        }
    }

    /// The request with the values that hold where it says nothing, so that a description of the job shows them.
    static func withDefaults(_ request: JSONValue) -> JSONValue {
        guard let task = request.present("HumanTaskConfig"), task.object != nil else { return request }
        let isPublic = task.present("WorkteamArn")?.string.map { Workteam.isPublic($0) } ?? false
        var additions: [String: JSONOutput] = [:]
        if task.present("TaskAvailabilityLifetimeInSeconds") == nil {
            additions["TaskAvailabilityLifetimeInSeconds"] = .int(isPublic ? publicAvailability.standard : privateAvailability)
        }
        if task.present("MaxConcurrentTaskCount") == nil { additions["MaxConcurrentTaskCount"] = .int(concurrentTasks) }
        guard !additions.isEmpty else { return request }
        return request.replacing(["HumanTaskConfig": .raw(task.setting(additions)[...])])
    }
}

extension JSONValue {
    /// An object with other values of some members.
    func replacing(_ members: [String: JSONOutput]) -> JSONValue {
        do { return try JSONScanner.parse(setting(members)) } catch {
            preconditionFailure("a request with other members is JSON: \(error)")
        }
    }
}

extension JobEngine {
    /// Jobs that are not at their end; all are looked after every second.
    private static let maximumActiveJobs = 1000

    /// What keeps a request that has passed ``LabelingOperation/check(_:)`` from becoming a job, besides the objects that it names.
    package nonisolated func faults(in request: JSONValue) async throws(JobError) -> [JobError] {
        var faults = JobRules.faults(in: request)
        if let arn = request.present("HumanTaskConfig")?.present("WorkteamArn")?.string, !Workteam.isPublic(arn) {
            do { _ = try await store.team(arn: arn) } catch {
                guard error.code == .notFound else { throw error }
                faults.append(JobError(.notFound, "HumanTaskConfig.WorkteamArn: \(error.message)"))
            }
        }
        if let fault = encryptionFault(request) { faults.append(fault) }
        return faults
    }

    /// Takes a CreateLabelingJob request that has passed ``LabelingOperation/check(_:)`` and ``faults(in:)``, with its defaults set.
    ///
    /// Tags that the service sets by itself are left out, so that a description of a job makes another one.
    ///
    /// - Returns: The job's ARN.
    /// - Throws: ``JobError`` `.limitExceeded`, or what ``create(_:)`` throws.
    package func createLabelingJob(_ request: JSONValue) async throws(JobError) -> String {
        guard try await store.activeJobs().count < Self.maximumActiveJobs else {
            throw JobError(
                .limitExceeded, "There are \(Self.maximumActiveJobs) labeling jobs that have not ended, the most that are run")
        }
        return try await create(JobRules.withDefaults(ResourceTag.withoutOwn(request)))
    }
}
