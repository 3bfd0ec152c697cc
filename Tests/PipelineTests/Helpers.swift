import Annotations
import FoundationEssentials
import GroundTruth
import Storage
import SystemPackage
import Testing
import TrainingData

@testable import Pipeline

/// A data folder that is there as long as a test runs.
final class TestStore: Sendable {
    let folder: FilePath
    let store: FolderStore

    init() throws {
        folder = FilePath(FileManager.default.temporaryDirectory.path).appending("prelabel-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        store = try FolderStore(data: folder)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.string) }

    func put(_ text: String, to uri: String) async throws { try await store.put(Array(text.utf8), to: ObjectURI(received: uri)) }

    func put(lines: [String], to uri: String) async throws { try await put(lines.map { $0 + "\n" }.joined(), to: uri) }

    func text(_ uri: String) async throws -> String {
        String(decoding: try await store.get(ObjectURI(received: uri), atMost: 1 << 24), as: UTF8.self)
    }

    func lines(_ uri: String) async throws -> [String] { try await text(uri).split(separator: "\n").map(String.init) }

    /// Names below a prefix; none when there is nothing.
    func names(_ uri: String) async throws -> [String] {
        guard case .folder(_, let names) = try await store.listing(of: ObjectURI(received: uri)) else { return [] }
        return names
    }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

func manifestLine(_ text: String) throws -> ManifestLine { try ManifestLine(parsing: text.utf8) }

/// A page of two words on one line, the first with a joined hyphen.
let samplePage = PageContent(
    status: .found, text: "Café 🧪", confidence: 0.96, regions: [NormalizedBox(left: 0.1, top: 0.3, width: 0.4, height: 0.2)],
    lines: [
        PageLine(
            box: NormalizedBox(left: 0.1, top: 0.3, width: 0.4, height: 0.02),
            words: [
                PageWord(
                    text: "Ca-", confidence: 96.5, box: NormalizedBox(left: 0.1, top: 0.3, width: 0.1, height: 0.02),
                    range: ScalarOffset(0)..<ScalarOffset(4)),
                PageWord(
                    text: "🧪", confidence: 90, box: NormalizedBox(left: 0.25, top: 0.3, width: 0.05, height: 0.02),
                    range: ScalarOffset(5)..<ScalarOffset(6)),
            ])
    ],
    joinedHyphens: [ScalarOffset(2)], widthPixels: 1000, heightPixels: 1400, reason: "heading")
