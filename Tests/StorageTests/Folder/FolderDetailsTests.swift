import Storage
import SystemPackage
import Testing

@Suite struct FolderDetailsTests {
    private let folder: TestFolder
    private let store: FolderStore
    private let uri = ObjectURI.s3(bucket: "papers", key: "a/p1.json")

    init() throws {
        folder = try TestFolder()
        store = try FolderStore(data: folder.data, keyHandling: .recorded)
    }

    private func put(_ text: String, contentType: String? = nil, key: String? = nil, onlyIfAbsent: Bool = false) async throws {
        var options = WriteOptions()
        (options.contentType, options.kmsKeyID, options.onlyIfAbsent) = (contentType, key, onlyIfAbsent)
        try await store.put(Array(text.utf8), to: uri, options: options)
    }

    private var notes: [String] {
        get throws {
            folder.exists("data/.prelabel/objects")
                ? try folder.names(below: "data/.prelabel/objects").filter { $0.hasSuffix(".json") } : []
        }
    }

    @Test func aFolderRefusesKeysUnlessItIsToldToRecordThem() async throws {
        var options = WriteOptions()
        options.kmsKeyID = "key-1"
        let error = await storageError { try await folder.store().put([], to: uri, options: options) }
        #expect(error?.code == .unsupported)
        try await store.put([], to: uri, options: options)
        #expect(try store.details(of: uri).kmsKeyID == "key-1")
    }

    @Test func theWishForTheStoresOwnKeyIsHandledAsAKeyIs() async throws {
        var options = WriteOptions()
        options.usesStoreKey = true
        let error = await storageError { try await folder.store().put([], to: uri, options: options) }
        #expect(error?.code == .unsupported && error?.message.contains("AES256") == true)
        try await store.put([], to: uri, options: options)
        #expect(try store.details(of: uri).usesStoreKey && notes.count == 1)
        options.kmsKeyID = "key-1"
        try await store.put([], to: uri, options: options)
        let details = try store.details(of: uri)
        #expect(details.kmsKeyID == "key-1" && !details.usesStoreKey)
        try await store.put([], to: uri)
        #expect(try !store.details(of: uri).usesStoreKey && notes.isEmpty)
    }

    @Test func writersOfOneKeyAtOnceLeaveTheNoteOfTheObjectThatIsThere() async throws {
        for round in 0..<20 {
            let tags = try await withThrowingTaskGroup(of: String?.self) { group in
                for number in 1...8 {
                    group.addTask { [store, uri] in
                        var options = WriteOptions()
                        if number > 1 { options.kmsKeyID = "key-\(number)" }
                        let writer = try store.fileWriter(to: uri, options: options)
                        // In every other round all are of one size, and may be of one moment.
                        try writer.append([UInt8](repeating: UInt8(number), count: round.isMultiple(of: 2) ? 1 : number))
                        try await writer.commit()
                        return writer.eTag
                    }
                }
                for _ in 0..<2 {
                    group.addTask { [store, uri] in
                        _ = try await store.delete(uri)
                        return nil
                    }
                }
                return try await group.reduce(into: Set<String>()) { if let tag = $1 { $0.insert(tag) } }
            }
            #expect(tags.count == 8)
            guard let details = try? store.details(of: uri) else { continue }
            let number = try #require(try await store.get(uri, atMost: 8).first)
            #expect(details.kmsKeyID == (number > 1 ? "key-\(number)" : nil) && tags.contains(details.eTag))
            #expect(try notes.count == (number > 1 ? 1 : 0))
        }
    }

    @Test func aReplacedObjectShowsItsOwnKeyAndType() async throws {
        try await put("one", contentType: "text/x-one", key: "key-1")
        #expect(try store.details(of: uri).contentType == "text/x-one")
        #expect(try await store.info(of: uri).contentType == "text/x-one")
        try await put("three", key: "key-2")
        let details = try store.details(of: uri)
        #expect(details.kmsKeyID == "key-2" && details.contentType == "application/json" && details.size == 5)
        #expect(try notes.count == 1)
        try await put("four")
        #expect(try store.details(of: uri).kmsKeyID == nil)
        #expect(try notes.isEmpty)
    }

    @Test func aFilePutThereByHandHasNobodysKey() async throws {
        try await put("one", key: "key-1")
        try folder.write("by hand", to: "data/papers/a/p1.json")
        #expect(try store.details(of: uri).kmsKeyID == nil)
    }

    @Test func anObjectThatMayNotBeReplacedKeepsItsKey() async throws {
        try await put("one", key: "key-1")
        let error = await storageError { try await put("other", key: "key-2", onlyIfAbsent: true) }
        #expect(error?.code == .exists)
        #expect(try store.details(of: uri).kmsKeyID == "key-1")
    }

    @Test func eTagsChangeWithEveryWriting() async throws {
        var tags: Set<String> = []
        for _ in 0..<20 {
            try await put("same")
            tags.insert(try store.details(of: uri).eTag)
        }
        #expect(tags.count == 20)
    }

    // MARK: Buckets

    @Test func bucketsAreMadeAndListed() throws {
        try store.createBucket("answers")
        #expect(try store.buckets().map(\.name) == ["answers", "papers"])
        #expect(store.hasBucket("answers") && !store.hasBucket("none") && !store.hasBucket("..") && !store.hasBucket(".prelabel"))
        #expect(throws: StorageError.self) { try store.createBucket("answers") }
        for name in ["", "..", "a", "A-B", ".prelabel", "a/b"] {
            let error = #expect(throws: StorageError.self) { try store.createBucket(name) }
            #expect(error?.code == .badURI)
        }
    }

    @Test func aBucketThatIsALinkOutOfTheFolderIsNone() throws {
        try folder.write("secret", to: "outside/file")
        try folder.link("data/linked", to: "outside")
        #expect(!store.hasBucket("linked"))
        #expect(throws: StorageError.self) { try store.keys(bucket: "linked", prefix: "", after: nil, limit: 10) }
    }

    @Test func keysComeInTheOrderOfTheirBytesFromAnywhere() throws {
        let expected = ["a-1", "a/1", "a/b/2", "a0", "b/c/d", "é"].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for key in expected { try folder.write("", to: "data/papers/\(key)") }
        func keys(_ prefix: String, after last: String?, limit: Int = 100) throws -> [String] {
            try store.keys(bucket: "papers", prefix: prefix, after: last, limit: limit)
        }
        #expect(try keys("", after: nil) == expected)
        for index in expected.indices {
            #expect(try keys("", after: expected[index]) == Array(expected[(index + 1)...]))
            #expect(try keys("", after: nil, limit: index) == Array(expected[..<index]))
        }
        #expect(try keys("a", after: nil) == ["a-1", "a/1", "a/b/2", "a0"])
        #expect(try keys("a/", after: nil) == ["a/1", "a/b/2"])
        #expect(try keys("a/b", after: "a/1") == ["a/b/2"])
        #expect(try keys("", after: "a/b/\u{10FFFF}") == ["a0", "b/c/d", "é"])
        #expect(try keys("c", after: nil).isEmpty)
    }
}
