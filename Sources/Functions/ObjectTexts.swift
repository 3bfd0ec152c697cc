import Annotations
import GroundTruth
import Storage

/// The texts of answered objects, which the post-annotation event does not carry.
///
/// A text is sought in this order: `dataObject.content`; the manifest line numbered `datasetObjectId` whose `source-ref` is the
/// object's, else the only line with that `source-ref`; an echo in an answer. Without it nothing is guessed.
struct ObjectTexts {
    private typealias TextLine = Result<TextReference, ContractError>

    /// What the manifest says under one `source-ref`.
    private struct Lines {
        /// The ids of the objects that name it.
        let objectIDs: Set<String>
        var count = 0
        var last: TextLine?
        /// Lines whose number is the id of one of the objects.
        var numbered: [String: TextLine] = [:]
    }

    private let texts: TextObjects
    private var lines: [[UInt8]: Lines] = [:]

    /// Reads the manifest once, a line at a time, and keeps what the objects need of it.
    init(store: any ObjectStore, manifest: ObjectURI?, objects: [AnsweredObject]) async throws(FunctionError) {
        texts = TextObjects(store: store)
        guard let manifest else { return }
        let named = objects.filter { $0.content == nil && $0.sourceRef != nil }
        for (sourceRef, objects) in Dictionary(grouping: named, by: { Array(($0.sourceRef ?? "").utf8) }) {
            lines[sourceRef] = Lines(objectIDs: Set(objects.map(\.datasetObjectID)))
        }
        guard !lines.isEmpty else { return }
        do {
            try await store.forEachLine(of: manifest) { keep($0) }
        } catch {
            throw FunctionError(.unreadableManifest, "the manifest \(manifest) cannot be read: \(error)")
        }
    }

    private mutating func keep(_ line: LineSplitter.Line) {
        guard let manifestLine = try? ManifestLine(parsing: line.bytes), let sourceRef = manifestLine.string("source-ref") else {
            return
        }
        let key = Array(sourceRef.utf8)
        guard var known = lines.removeValue(forKey: key) else { return }
        let reference = Result { () throws(ContractError) in try TextReference(manifestLine) }
        known.count += 1
        known.last = reference
        let number = "\(line.number - 1)"
        if known.objectIDs.contains(number) { known.numbered[number] = reference }
        lines[key] = known
    }

    private func line(of object: AnsweredObject) -> TextLine? {
        guard let sourceRef = object.sourceRef, let known = lines[Array(sourceRef.utf8)] else { return nil }
        return known.numbered[object.datasetObjectID] ?? (known.count == 1 ? known.last : nil)
    }

    /// - Returns: `nil` when there is no way to know the text.
    /// - Throws: ``FunctionError`` when the manifest line names a text that cannot be used.
    func text(of object: AnsweredObject, answers: [WorkerAnswer]) async throws(FunctionError) -> DocumentText? {
        if let content = object.content { return DocumentText(content) }
        if let reference = line(of: object) {
            do {
                if let text = try await texts.text(for: reference.get()) { return text }
            } catch let error as FunctionError {
                throw error
            } catch {
                throw FunctionError(.badPayload, "the manifest line of the object: \(error)")
            }
        }
        return echo(in: answers)
    }

    /// A text that an answer echoes with its SHA-256, unless answers echo different ones.
    private func echo(in answers: [WorkerAnswer]) -> DocumentText? {
        var texts: Set<DocumentText> = []
        for case let echo? in answers.map(\.echo) {
            let text = DocumentText(echo.text)
            if sha256Hex(text.bytes) == echo.sha256 { texts.insert(text) }
        }
        return texts.count == 1 ? texts.first : nil
    }
}
