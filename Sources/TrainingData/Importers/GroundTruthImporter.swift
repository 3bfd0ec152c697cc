import Annotations
import GroundTruth

/// Finished labeling jobs: a job's folder under `S3OutputPath` (contracts section 9), or an output manifest alone.
///
/// Each line becomes a record with its other keys kept, the consolidated spans as `entities`, and the workers' answers of
/// `annotations/worker-response/…`, else those that the label attribute repeats. A line without a label becomes a record without
/// `entities`.
struct GroundTruthImporter: Importer {
    let options: ImportOptions

    private static let outputManifest = "manifests/output/output.manifest"
    private static let responses = "annotations/worker-response"
    /// A response file of more bytes is refused; a worker's answer has tens of kilobytes.
    private static let maximumResponseBytes = 16 << 20

    func holdsData(_ name: String) -> Bool {
        // A job's folder has other manifests beside its output.
        name.hasSuffix("/\(Self.outputManifest)") || (FileName(name).fileExtension == "manifest" && !name.contains("/manifests/"))
    }

    func read(_ name: String, from files: any ImportFiles, _ body: (ImportedItem) async throws -> Void) async throws {
        let job = name.hasSuffix("/\(Self.outputManifest)") ? String(name.dropLast(Self.outputManifest.utf8.count)) : nil
        let responses = try await Responses(below: job.map { "\($0)\(Self.responses)" }, files)
        var reading = Reading(name: name, attribute: options.labelAttribute, responses: responses, files: files)
        var splitter = LineSplitter()
        try await files.read(name) { piece in
            for line in splitter.append(piece) { try await reading.take(line, body) }
        }
        if let last = splitter.finish() { try await reading.take(last, body) }
    }

    /// The response files of a job, by the number of the object.
    private struct Responses {
        private(set) var names: [String: [String]] = [:]

        init(below folder: String?, _ files: any ImportFiles) async throws {
            guard let folder else { return }
            // annotations/worker-response/iteration-N/ID/DATE.json
            for name in try await files.names(below: folder) where name.hasSuffix(".json") {
                let parts = name.dropFirst(folder.count).split(separator: "/")
                guard parts.count == 3, parts[0].hasPrefix("iteration-") else { continue }
                names[String(parts[1]), default: []].append(name)
            }
            // Iterations by number: a later answer of a worker stands.
            for (id, list) in names {
                names[id] = list.map { (Self.iteration(of: $0, in: folder), $0) }.sorted { $0 < $1 }.map(\.1)
            }
        }

        private static func iteration(of name: String, in folder: String) -> Int {
            let part = name.dropFirst(folder.count).split(separator: "/").first ?? ""
            return Int(part.dropFirst("iteration-".count)) ?? 0
        }
    }

    private struct Reading {
        let name: String
        private(set) var attribute: String?
        let responses: Responses
        let files: any ImportFiles
        private let isGiven: Bool

        init(name: String, attribute: String?, responses: Responses, files: any ImportFiles) {
            (self.name, self.attribute, self.responses, self.files) = (name, attribute, responses, files)
            isGiven = attribute != nil
        }

        mutating func take(_ line: LineSplitter.Line, _ body: (ImportedItem) async throws -> Void) async throws {
            guard !line.isBlank else { return }
            var problems: [RecordError] = []
            let document: ImportedDocument
            do throws(RecordError) { document = try await self.document(line, &problems) } catch {
                return try await body(.problem(ImportProblem(error, file: name, line: line.number)))
            }
            for problem in problems { try await body(.problem(ImportProblem(problem, file: name, line: line.number))) }
            try await body(.document(document))
        }

        private mutating func document(
            _ line: LineSplitter.Line, _ problems: inout [RecordError]
        ) async throws(RecordError) -> ImportedDocument {
            let manifestLine: ManifestLine
            do throws(ManifestError) { manifestLine = try ManifestLine(parsing: line.bytes) } catch {
                throw RecordError(error.code.rawValue, error.message)
            }
            let attributes = ManifestLabels.attributes(of: manifestLine)
            if attribute == nil, let first = attributes.first { attribute = first }
            if !isGiven, let other = attributes.first(where: { $0 != attribute }) {
                throw RecordError(
                    "several-attributes", "labels under `\(attribute ?? "")` and `\(other)`; choose one with --label-attribute")
            }
            let text = try await files.text(of: manifestLine)
            // Without a reference the number of the line is the id, as everywhere.
            var document = ImportedDocument(
                id: manifestLine.string("id") ?? manifestLine.string("source-ref"), text: text)
            document.base = manifestLine
            let object = "\(line.number - 1)"
            var answers = Answers(text: text)
            for file in responses.names[object] ?? [] { await answers.take(file: file, from: files, &problems) }
            guard let attribute else { return document }
            if responses.names[object] == nil {
                answers.take(manifestLine[attribute]?["annotationsFromAllWorkers"]?.array ?? [], &problems)
            }
            document.answers = answers.workers
            do throws(RecordError) {
                if case .labeled(let labels) = try ManifestLabels.state(of: manifestLine, attribute: attribute) {
                    document.entities = try ManifestLabels.spans(labels, text: text)
                }
            } catch {
                // Answers that nobody consolidated are what is wanted; anything else is wrong.
                guard error.code == "no-entities", !document.answers.isEmpty else { throw error }
            }
            return document
        }
    }

    /// The answers to one object, the last of each worker.
    private struct Answers {
        let text: DocumentText
        private(set) var workers: [WorkerSpans<ScalarOffset>] = []
        private var seedTokens: SeedTokenization?

        init(text: DocumentText) { self.text = text }

        mutating func take(file: String, from files: any ImportFiles, _ problems: inout [RecordError]) async {
            do {
                guard let bytes = try await files.contents(of: file, atMost: maximumResponseBytes) else { return }
                for answer in try JSONValue.message(bytes, "the response")["answers"]?.array ?? [] {
                    guard let worker = answer["workerId"]?.string, let content = answer["answerContent"] else {
                        throw RecordError("bad-answer", "an answer without `workerId` or `answerContent`")
                    }
                    let text = content.string ?? String(decoding: content.raw, as: UTF8.self)
                    take(text, of: worker, seconds: answer["timeSpentInSeconds"]?.double, &problems)
                }
            } catch {
                problems.append(RecordError("bad-answer", "\(file): \(error)"))
            }
        }

        mutating func take(_ annotations: [JSONValue], _ problems: inout [RecordError]) {
            for annotation in annotations {
                guard let worker = annotation["workerId"]?.string,
                    let content = annotation["annotationData"]?["content"]?.string
                else {
                    problems.append(RecordError("bad-answer", "an annotation without `workerId` or `annotationData.content`"))
                    continue
                }
                take(content, of: worker, &problems)
            }
        }

        private mutating func take(
            _ content: String, of worker: String, seconds: Double? = nil, _ problems: inout [RecordError]
        ) {
            do throws(ContractError) {
                let answer = try WorkerAnswer(parsing: content)
                let read = answer.spans(in: text, seedTokens: &seedTokens)
                problems += (answer.rejected + read.rejected).map { RecordError("bad-span", "worker \(worker): \($0)") }
                workers.removeAll { $0.workerID == worker }
                workers.append(
                    WorkerSpans(
                        workerID: worker, spans: read.spans, seconds: seconds, suggestionOutcomes: answer.suggestionOutcomes))
            } catch {
                problems.append(RecordError("bad-answer", "worker \(worker): \(error.message)"))
            }
        }
    }
}
