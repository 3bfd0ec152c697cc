import Annotations
import Functions
import GroundTruth
import Storage
import TrainingData

/// The texts of manifest lines: of the object that `text-file-s3-uri` names, else the line's own `source`.
struct ManifestTexts: Sendable {
    private let texts: TextObjects

    init(store: any ObjectStore) { texts = TextObjects(store: store) }

    func text(of line: ManifestLine) async throws(RecordError) -> DocumentText {
        do {
            if let text = try await texts.text(for: TextReference(line)) { return text }
        } catch let error as FunctionError {
            throw RecordError("\(error.code)", error.message)
        } catch {
            throw RecordError("bad-line", "\(error)")
        }
        guard let source = line["source"]?.string else {
            throw RecordError("no-text", "the line has neither `text-file-s3-uri` nor `source`")
        }
        return DocumentText(source)
    }
}
