import Storage
import SystemPackage
import Testing

@Suite struct FolderOptionsTests {
    private let folder: TestFolder
    private let store: FolderStore
    private let uri = ObjectURI.s3(bucket: "papers", key: "a/p1.json")

    init() throws {
        folder = try TestFolder()
        store = try folder.store()
    }

    private func text(_ range: Range<Int>?) async throws -> String {
        var bytes: [UInt8] = []
        try await store.read(uri, range: range) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func rangesMayReachBeyondTheEnd() async throws {
        try await store.put(Array("0123456789".utf8), to: uri)
        for (range, expected) in [(0..<3, "012"), (8..<100, "89"), (10..<20, ""), (50..<60, ""), (4..<4, "")] {
            #expect(try await text(range) == expected)
        }
        #expect(try await text(nil) == "0123456789")
    }

    @Test func anObjectHasASizeAndTheTypeOfItsName() async throws {
        try await store.put(Array("{}".utf8), to: uri)
        #expect(try await store.info(of: uri) == ObjectInfo(size: 2, contentType: "application/json"))
        let missing = await storageError { _ = try await store.info(of: .s3(bucket: "papers", key: "none")) }
        #expect(missing?.code == .notFound)
    }

    @Test func anObjectThatMustBeNewReplacesNone() async throws {
        var options = WriteOptions()
        options.onlyIfAbsent = true
        try await store.put([0x61], to: uri, options: options)
        let error = await storageError { try await store.put([0x62], to: uri, options: options) }
        #expect(error?.code == .exists)
        #expect(try await text(nil) == "a")
        #expect(try folder.names(below: "data/.prelabel/writing").isEmpty)
    }

    @Test func aFolderDoesNotPretendToEncrypt() async throws {
        var options = WriteOptions()
        options.kmsKeyID = "key"
        let error = await storageError { try await store.put([0x61], to: uri, options: options) }
        #expect(error?.code == .unsupported)
        #expect(!folder.exists("data/papers/a"))
    }

    @Test(arguments: [
        ("a.TXT", "text/plain; charset=utf-8"), ("x.y/input.manifest", "application/jsonlines"),
        ("a.jpg.page.json", "application/json"),
    ])
    func theEndingTellsTheContentType(name: String, type: String) {
        #expect(ContentType.of(name) == type)
    }

    @Test(arguments: ["a", "", "a.", "a.unknown"]) func unknownEndingsTellNothing(name: String) {
        #expect(ContentType.of(name) == nil)
    }
}
