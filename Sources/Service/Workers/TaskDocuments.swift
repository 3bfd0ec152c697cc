import Annotations
import Functions
import GroundTruth
import HTTPTypes
import LabelingJobs
import Storage

/// What a worker's page shows of a task: the document of the project's own annotator, or the job's own template (`Assets/README.md`).
struct TaskDocuments: Sendable {
    /// The largest template that Ground Truth takes, in bytes: 128,000 characters.
    private static let maximumTemplateBytes = 4 * 128_000
    private static let maximumRecordBytes = 64 << 20

    let store: JobStore
    let objects: any ObjectStore
    let links: ReadLinks
    let clock: JobClock
    /// See ``WorkerTemplate``.
    let hosts: [String]?

    // MARK: The job's own template

    /// Whether a job's tasks are shown by a template and not by the annotator.
    func hasTemplate(_ job: JobRecord) -> Bool {
        job.templateURI != nil || DefaultTemplate.text(for: job.settings.task ?? .entities) != nil
    }

    /// The template of a job's tasks; `nil` for those that the project's own annotator shows.
    ///
    /// - Throws: ``Problem`` 422 when it cannot be read, ``LiquidError``.
    func template(of job: JobRecord) async throws -> WorkerTemplate? {
        guard let uri = job.templateURI else {
            guard let text = DefaultTemplate.text(for: job.settings.task ?? .entities) else { return nil }
            return try WorkerTemplate(text, name: job.name, hosts: [])
        }
        let bytes: [UInt8]
        do { bytes = try await objects.get(ObjectURI(member: uri), atMost: Self.maximumTemplateBytes) } catch {
            throw Problem(status: .unprocessableContent, code: "unreadable-template", detail: "the job's template: \(error)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(status: .unprocessableContent, code: "unreadable-template", detail: "the job's template is not UTF-8")
        }
        return try WorkerTemplate(text, name: uri, hosts: hosts)
    }

    /// The template's document, for the sandboxed frame; or a page that says why there is none.
    ///
    /// - Parameter input: `task.input`, JSON text.
    func frame(input: String, in job: JobRecord) async -> HTMLPage {
        do { return try await rendered(input, in: job) } catch {
            return HTMLPage.fault((error as? Problem)?.detail ?? "\(error)", policy: ContentPolicy.fault)
        }
    }

    private func rendered(_ input: String, in job: JobRecord) async throws -> HTMLPage {
        guard let template = try await template(of: job) else {
            throw Problem(
                status: .notFound, code: "not-found", detail: "the job has no template; its tasks are shown by the annotator")
        }
        var input = try JSONScanner.parse(input.utf8)
        if job.templateURI == nil { input = try await builtInPageInput(input, job) }
        let page = TaskPage(template: template, input: input, submitURL: "")
        let clock = clock
        return try page.frame(grantReadAccess: try await links.grants(), now: { Int(clock.now().milliseconds / 1000) })
    }

    /// What the built-in page of a classification task shows: the object's text in the place of an address, the image that it was read
    /// off, and the job's own words.
    private func builtInPageInput(_ input: JSONValue, _ job: JobRecord) async throws -> JSONValue {
        guard let raw = input["manifestLine"]?.raw else { return input }
        let line = try ManifestLine(parsing: raw)
        var members: [String: JSONOutput] = ["header": .string(job.about), "taskObject": .string(try await text(of: line).text)]
        for name in ["fullInstruction", "shortInstruction"] {
            members[name] = .string(job.instructions?[name]?.string ?? "")
        }
        if let image = line.string("source-ref"), Self.isImage(image) { members["pageImage"] = .string(image) }
        return try JSONScanner.parse(input.setting(members))
    }

    // MARK: The annotator

    func document(of task: WorkerTask, in view: WorkerJob, _ worker: Worker) async throws -> JSONOutput {
        let path = "\(WorkerRoutes.path)\(task.job)/\(task.number)"
        var members = try await content(of: task.number, input: task.input, in: view.job)
        members["task"] = [
            "id": .string("\(worker.id)/\(task.job)/\(task.number)"), "position": .int(view.answeredCount + 1),
            "title": .string(view.job.title),
            "total": .int(view.answeredCount + view.openCount + (view.held == nil ? 0 : 1)),
        ]
        if let draft = task.draft {
            members["draft"] = .raw(Array(draft.utf8)[...])
        } else if let answer = task.answer, let draft = Self.draft(of: answer, savedAt: task.submitted ?? task.accepted) {
            members["draft"] = draft
        }
        members["saveURL"] = .string("\(path)/draft")
        members["submitURL"] = .string("\(path)/answer")
        return .object(members)
    }

    /// An object as the annotator shows it, without a place to send anything to.
    func content(of number: Int, input: String, in job: JobRecord) async throws -> [String: JSONOutput] {
        let line = try ManifestLine(parsing: try await store.line(of: job, number).utf8)
        let input = try JSONScanner.parse(input.utf8)
        let text = try await text(of: line)
        var members: [String: JSONOutput] = [
            "labels": .array(try labels(job, input)), "text": .string(text.text), "text-sha256": .string(text.sha256),
        ]
        for key in ["suggestions", "suggestions-withheld"] {
            if let value = input.present(key) { members[key] = .raw(value) }
        }
        if let metadata = line["metadata"] { members["metadata"] = .raw(metadata) }
        if let instructions = job.instructions {
            members["instructions"] = [
                "full": .string(instructions["fullInstruction"]?.string ?? ""),
                "short": .string(instructions["shortInstruction"]?.string ?? ""),
            ]
        }
        if let image = line.string("source-ref"), Self.isImage(image) {
            members["imageURL"] = .string(try await links.grants()(image))
            members["imageName"] = .string(image.split(separator: "/").last.map(String.init) ?? image)
            // The seed asks it of every abstract that was read off a page.
            members["question"] = ["text": "Is this a good abstract?"]
        }
        if let record = line["text-file-s3-uri-metadata"]?["page-record"]?.string, let bytes = await pageRecord(record) {
            members["pageRecord"] = .raw(bytes[...])
        }
        return members
    }

    private func labels(_ job: JobRecord, _ input: JSONValue) throws -> [JSONOutput] {
        if let categories = try job.categories { return categories.entries.map { .raw($0) } }
        return input["labels"]?.array?.map { $0.string == nil ? .raw($0) : ["label": .raw($0)] } ?? []
    }

    /// The text as it stands in the line, or as it was read off the page; or the object itself where that is a text.
    private func text(of line: ManifestLine) async throws -> (text: String, sha256: String) {
        if let source = line.string("source") { return (source, sha256Hex(Array(source.utf8))) }
        if let text = try await TextObjects(store: objects).text(for: TextReference(line)) {
            return (text.string, sha256Hex(text.bytes))
        }
        guard let reference = line.string("source-ref"), !Self.isImage(reference) else {
            throw Problem(
                status: .unprocessableContent, code: "no-text",
                detail: "the object has no text: neither source nor text-file-s3-uri")
        }
        let bytes = try await objects.get(ObjectURI(received: reference), atMost: TextObjects.maximumBytes)
        let text = try DocumentText(utf8: bytes)
        return (text.string, sha256Hex(text.bytes))
    }

    private static func isImage(_ name: String) -> Bool { ContentType.of(name)?.hasPrefix("image/") ?? false }

    /// A page record that cannot be read costs the link between text and image only.
    private func pageRecord(_ uri: String) async -> [UInt8]? {
        guard let bytes = try? await objects.get(ObjectURI(received: uri), atMost: Self.maximumRecordBytes),
            (try? JSONScanner.parse(bytes))?.object != nil
        else { return nil }
        return bytes
    }

    /// A draft that shows an answer again; `nil` for an answer that the annotator did not make.
    private static func draft(of answer: String, savedAt: Timestamp) -> JSONOutput? {
        guard let answer = try? JSONScanner.parse(answer.utf8),
            let entities = answer[BuiltInTask.entities.answerKey]?["entities"]?.array
        else { return nil }
        return [
            "entities": .array(entities.map { .raw($0) }), "notes": .string(answer["notes"]?.string ?? ""),
            "question": answer["isGoodAbstract"].map { .raw($0) } ?? .null, "savedAt": .string(savedAt.answerDate),
            "text-sha256": answer["text-sha256"].map { .raw($0) } ?? .null,
        ]
    }
}

/// The pages of the built-in classification tasks, for jobs that name none. Entities are marked in the annotator.
enum DefaultTemplate {
    static func text(for task: BuiltInTask) -> String? {
        let element =
            switch task {
            case .singleLabel: "crowd-classifier"
            case .multiLabel: "crowd-classifier-multi-select"
            case .entities: nil as String?
            }
        return element.map { element in
            """
            <script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
            <crowd-form>
              <\(element) name="\(element)" categories="{{ task.input.labels | to_json | escape }}" header="{{ task.input.header }}">
                <classification-target>
                  {%- if task.input.pageImage -%}
                  <img src="{{ task.input.pageImage | grant_read_access }}" alt="The page that the text was read off" style="float: right; width: 45%; margin: 0 0 1em 1.5em">
                  {%- endif -%}
                  <div style="white-space: pre-wrap">{{ task.input.taskObject }}</div>
                </classification-target>
                <full-instructions>{{ task.input.fullInstruction | skip_autoescape }}</full-instructions>
                <short-instructions>{{ task.input.shortInstruction | skip_autoescape }}</short-instructions>
              </\(element)>
            </crowd-form>
            """
        }
    }
}
