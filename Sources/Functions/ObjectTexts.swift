import Annotations
import GroundTruth
import Storage

/// The texts of answered objects, which the post-annotation event does not carry.
///
/// A text is sought in this order: `dataObject.content`; the manifest line numbered `datasetObjectId` whose `source-ref` is the
/// object's, else the only line with that `source-ref`; an echo in an answer. Without it nothing is guessed.
struct ObjectTexts {
    private let texts: TextObjects
    private var references: [String: Result<TextReference, ContractError>] = [:]

    /// Reads the manifest once, a line at a time, and keeps what the objects need of it.
    init(store: any ObjectStore, manifest: ObjectURI?, objects: [AnsweredObject]) async throws(FunctionError) {
        texts = TextObjects(store: store)
        guard let manifest else { return }
        let wanted = Dictionary(
            grouping: objects.filter { $0.content == nil && $0.sourceRef != nil }, by: { Array(($0.sourceRef ?? "").utf8) })
        guard !wanted.isEmpty else { return }
        var onlyLine: [[UInt8]: TextLine] = [:]
        var isAmbiguous: Set<[UInt8]> = []
        var numbered: [String: TextLine] = [:]
        func keep(_ line: LineSplitter.Line) {
            guard let manifestLine = try? ManifestLine(parsing: line.bytes), let sourceRef = manifestLine.string("source-ref"),
                let objects = wanted[Array(sourceRef.utf8)]
            else { return }
            let reference = Result { () throws(ContractError) in try TextReference(manifestLine) }
            let key = Array(sourceRef.utf8)
            if onlyLine.updateValue(reference, forKey: key) != nil { isAmbiguous.insert(key) }
            for object in objects where object.datasetObjectID == "\(line.number - 1)" {
                numbered[object.datasetObjectID] = reference
            }
        }
        do {
            try await store.forEachLine(of: manifest) { keep($0) }
        } catch {
            throw FunctionError(.unreadableManifest, "the manifest \(manifest) cannot be read: \(error)")
        }
        for (key, objects) in wanted {
            for object in objects {
                references[object.datasetObjectID] =
                    numbered[object.datasetObjectID] ?? (isAmbiguous.contains(key) ? nil : onlyLine[key])
            }
        }
    }

    private typealias TextLine = Result<TextReference, ContractError>

    /// - Returns: `nil` when there is no way to know the text.
    /// - Throws: ``FunctionError`` when the manifest line names a text that cannot be used.
    func text(of object: AnsweredObject, answers: [WorkerAnswer]) async throws(FunctionError) -> DocumentText? {
        if let content = object.content { return DocumentText(content) }
        if let reference = references[object.datasetObjectID] {
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
