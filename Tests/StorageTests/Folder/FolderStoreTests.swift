import FoundationEssentials
import Storage
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FolderStoreTests {
    private let folder: TestFolder
    private let store: FolderStore

    init() throws {
        folder = try TestFolder()
        store = try folder.store()
    }

    private func s3(_ key: String) -> ObjectURI { .s3(bucket: "papers", key: key) }

    // MARK: Reading and writing

    @Test(arguments: ["p1.txt", "a/b/c.txt", "é 🧪.txt", "%41.txt", "a.b/..c", "e\u{301}"]) func whatIsWrittenIsRead(key: String)
        async throws
    {
        try await store.put(Array("text\r\n".utf8), to: s3(key))
        #expect(try await store.text(s3(key)) == "text\r\n")
        #expect(folder.exists("data/papers/\(key)"))
    }

    @Test func filesAreThemselves() async throws {
        let uri = ObjectURI.file(folder.root.appending("x/y.txt"))
        try await FolderStore(data: nil).put([0x61], to: uri)
        #expect(try await store.text(uri) == "a")
        #expect(try folder.names(below: "x") == ["y.txt"])
    }

    @Test func readsInPiecesInOrder() async throws {
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try await store.put(bytes, to: s3("big"))
        var read: [UInt8] = []
        var pieces = 0
        try await store.read(s3("big")) { piece in
            read += piece
            pieces += 1
        }
        #expect(read == bytes)
        #expect(pieces > 1)
    }

    @Test func refusesAnObjectWithMoreBytesThanAllowed() async throws {
        try await store.put(Array("12345".utf8), to: s3("k"))
        #expect(try await store.get(s3("k"), atMost: 5).count == 5)
        let error = await storageError { _ = try await store.get(s3("k"), atMost: 4) }
        #expect(error?.code == .tooLarge)
        #expect(error?.message == "s3://papers/k has more than 4 bytes")
    }

    @Test(arguments: ["missing", "a/missing", "folder"]) func anObjectThatIsNotThereIsNamed(key: String) async throws {
        try folder.write("x", to: "data/papers/folder/x")
        let error = await storageError { _ = try await store.get(s3(key), atMost: 10) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("s3://papers/\(key)") == true)
    }

    @Test func withoutADataFolderS3HasNoPlace() async throws {
        let store = try FolderStore(data: nil)
        let read = await storageError { _ = try await store.get(s3("k"), atMost: 10) }
        let write = await storageError { _ = try store.writer(to: s3("k")) }
        let listing = await storageError { _ = try await store.listing(of: s3("k")) }
        for error in [read, write, listing] {
            #expect(error?.code == .noStore)
            #expect(error?.message.contains("--data") == true)
        }
        #expect(store.isReachable)
    }

    @Test func aMissingDataFolderIsNamed() {
        let error = #expect(throws: StorageError.self) { try FolderStore(data: folder.root.appending("nowhere")) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("nowhere") == true)
    }

    @Test func noticesThatItsFolderIsGone() throws {
        #expect(store.isReachable)
        try FileManager.default.removeItem(atPath: folder.data.string)
        #expect(!store.isReachable)
    }

    // MARK: Keys that a folder cannot hold

    @Test(arguments: [
        ("", "an empty segment"), ("a//b", "an empty segment"), ("a/", "an empty segment"), ("/a", "an empty segment"),
        ("..", "the segment `..`"), ("a/../b", "the segment `..`"),
        ("a/..", "the segment `..`"), ("./a", "the segment `.`"), ("a/\u{0}b", "a zero byte"),
        ("a/../\u{301}b", "the segment `..`"), ("../\u{301}x", "the segment `..`"),
    ])
    func refusesKeysByName(key: String, problem: String) async throws {
        let read = await storageError { _ = try await store.get(s3(key), atMost: 10) }
        let write = await storageError { _ = try store.writer(to: s3(key)) }
        for error in [read, write] {
            #expect(error?.code == .badURI)
            #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        }
        let deleted = await storageError { _ = try await store.delete(s3(key)) }
        #expect(deleted?.code == .badURI)
    }

    @Test func countsTheBytesOfASegment() async throws {
        try await store.put([1], to: s3(String(repeating: "a", count: 255)))
        let error = await storageError { try await store.put([1], to: s3("x/" + String(repeating: "é", count: 128))) }
        #expect(error?.code == .badURI)
        #expect(error?.message.contains("256 bytes") == true)
    }

    @Test(arguments: ["a/../b", "..", "a//b"]) func refusesToListSuchPrefixes(key: String) async throws {
        let error = await storageError { _ = try await store.listing(of: s3(key)) }
        #expect(error?.code == .badURI)
    }

    @Test func aKeyThatIsAlsoAPrefixIsRefused() async throws {
        try await store.put([1], to: s3("a"))
        let below = await storageError { try await store.put([1], to: s3("a/b")) }
        #expect(below?.code == .blocked && below?.message.contains("a part of the key is an object") == true)
        try await store.put([1], to: s3("c/d"))
        let above = await storageError { try await store.put([1], to: s3("c")) }
        #expect(above?.code == .badURI)
    }

    // MARK: Atomic writing

    @Test func anObjectAppearsWithItsCommitOnly() async throws {
        try await store.put(Array("old".utf8), to: s3("k"))
        let writer = try store.writer(to: s3("k"))
        try writer.append(Array("new".utf8))
        #expect(try await store.text(s3("k")) == "old")
        try await writer.commit()
        #expect(try await store.text(s3("k")) == "new")
    }

    @Test func aDroppedWriterLeavesNothing() async throws {
        do {
            let writer = try store.writer(to: s3("a/k"))
            try writer.append([1, 2, 3])
        }
        do {
            let writer = try store.writer(to: .file(folder.root.appending("files/k")))
            try writer.append([1, 2, 3])
        }
        #expect(try await store.listing(of: s3("a/k")) == .missing)
        #expect(try folder.names(below: "data/.prelabel/writing").isEmpty)
        #expect(try folder.names(below: "files").isEmpty)
    }

    @Test func twoWritersOfOneObjectDoNotMix() async throws {
        let (one, other) = (try store.writer(to: s3("k")), try store.writer(to: s3("k")))
        try one.append(Array("one".utf8))
        try other.append(Array("other".utf8))
        try await other.commit()
        try await one.commit()
        #expect(try await store.text(s3("k")) == "one")
    }

    @Test func deletesOnce() async throws {
        try await store.put([1], to: s3("k"))
        #expect(try await store.delete(s3("k")))
        #expect(try await store.delete(s3("k")) == false)
        #expect(try await store.listing(of: s3("k")) == .missing)
    }

    @Test func neverDeletesAFolder() async throws {
        try folder.write("x", to: "data/papers/a/x")
        #expect(try await store.delete(s3("a")) == false)
        #expect(try await store.delete(.file(folder.data)) == false)
        #expect(folder.exists("data/papers/a/x"))
    }

    // MARK: Listing

    @Test func listsBelowAPrefixInTheOrderOfBytes() async throws {
        for key in ["a/z", "a/é", "a/B", "a/a/2", "a/a/10", "a/a.x", "b", "a/\u{FF01}", "a/🧪"] {
            try await store.put([1], to: s3(key))
        }
        let names = ["B", "a.x", "a/10", "a/2", "z", "é", "\u{FF01}", "🧪"]
        #expect(try await store.listing(of: s3("a")) == .folder(base: s3("a"), names: names))
        #expect(try await store.listing(of: s3("a/")) == .folder(base: s3("a"), names: names))
        #expect(
            try await store.listing(of: .file(folder.data.appending("papers/a")))
                == .folder(base: .file(folder.data.appending("papers/a")), names: names))
        #expect(try await store.listing(of: s3("b")) == .object)
    }

    @Test func aPrefixNeedNotEndAtASlash() async throws {
        for key in ["scans/2023-1.jpg", "scans/2024-2.jpg", "scans/2024-1/a.jpg", "top-1", "top-2", "other"] {
            try await store.put([1], to: s3(key))
        }
        #expect(
            try await store.listing(of: s3("scans/2024-")) == .folder(base: s3("scans"), names: ["2024-1/a.jpg", "2024-2.jpg"]))
        #expect(try await store.listing(of: s3("top")) == .folder(base: s3(""), names: ["top-1", "top-2"]))
        #expect(
            try await store.listing(of: s3(""))
                == .folder(
                    base: s3(""), names: ["other", "scans/2023-1.jpg", "scans/2024-1/a.jpg", "scans/2024-2.jpg", "top-1", "top-2"]))
    }

    @Test(arguments: ["missing", "missing/", "k/", "a/missing", "k/x"]) func whatIsNotThereIsMissing(key: String) async throws {
        try await store.put([1], to: s3("k"))
        #expect(try await store.listing(of: s3(key)) == .missing)
        #expect(try await store.listing(of: .s3(bucket: "nobucket", key: "")) == .missing)
        #expect(try await store.listing(of: .file(folder.root.appending("missing"))) == .missing)
    }

    @Test func hiddenEntriesAreNotListed() async throws {
        try folder.write("x", to: "data/papers/a/.hidden")
        try folder.write("x", to: "data/papers/a/.git/x")
        try folder.write("x", to: "data/papers/a/x")
        #expect(try await store.listing(of: s3("a")) == .folder(base: s3("a"), names: ["x"]))
    }
}

/// No name leads out of the data folder.
@Suite(.timeLimit(.minutes(1)))
struct FolderStoreLinkTests {
    private let folder: TestFolder
    private let store: FolderStore

    init() throws {
        folder = try TestFolder()
        store = try folder.store()
        try folder.write("secret", to: "outside/secret.txt")
        try folder.link("data/papers/out", to: "outside")
        try folder.link("data/papers/out.txt", to: "outside/secret.txt")
        try folder.link("data/leak", to: "outside")
    }

    private func s3(_ key: String, bucket: String = "papers") -> ObjectURI { .s3(bucket: bucket, key: key) }

    @Test(arguments: [("papers", "out/secret.txt"), ("papers", "out.txt"), ("leak", "secret.txt")])
    func refusesToReadThroughALinkOut(bucket: String, key: String) async throws {
        let error = await storageError { _ = try await store.get(s3(key, bucket: bucket), atMost: 100) }
        #expect(error?.code == .notAllowed)
        #expect(error?.message == "s3://\(bucket)/\(key) is a link out of the data folder")
    }

    @Test(arguments: [("papers", "out"), ("papers", "out/"), ("papers", "out/sec"), ("leak", ""), ("leak", "sec")])
    func refusesToListThroughALinkOut(bucket: String, key: String) async throws {
        let error = await storageError { _ = try await store.listing(of: s3(key, bucket: bucket)) }
        #expect(error?.code == .notAllowed)
    }

    @Test(arguments: [("papers", "out/new.txt"), ("papers", "out/a/b/new.txt"), ("leak", "new.txt"), ("leak", "a/new.txt")])
    func refusesToWriteThroughALinkOutAndMakesNothingThere(bucket: String, key: String) async throws {
        let error = await storageError { try await store.put([1], to: s3(key, bucket: bucket)) }
        #expect(error?.code == .notAllowed)
        #expect(try folder.names(below: "outside") == ["secret.txt"])
    }

    @Test(arguments: ["out/secret.txt", "out.txt"]) func refusesToDeleteThroughALinkOut(key: String) async throws {
        let error = await storageError { _ = try await store.delete(s3(key)) }
        #expect(error?.code == .notAllowed)
        #expect(folder.exists("outside/secret.txt"))
    }

    @Test func writingOverALinkReplacesTheLink() async throws {
        try await store.put(Array("mine".utf8), to: s3("out.txt"))
        #expect(try await store.text(s3("out.txt")) == "mine")
        #expect(try await store.text(.file(folder.root.appending("outside/secret.txt"))) == "secret")
    }

    @Test func aLinkInsideIsFollowed() async throws {
        try folder.write("text", to: "data/papers/a/p1.txt")
        try folder.link("data/papers/inside", to: "data/papers/a")
        #expect(try await store.text(s3("inside/p1.txt")) == "text")
        try await store.put([0x78], to: s3("inside/p2.txt"))
        #expect(try await store.text(s3("a/p2.txt")) == "x")
        #expect(try await store.listing(of: s3("inside")) == .folder(base: s3("inside"), names: ["p1.txt", "p2.txt"]))
    }

    @Test func linksToFoldersAreNotWalked() async throws {
        try folder.write("text", to: "data/papers/a/p1.txt")
        try folder.link("data/papers/a/loop", to: "data/papers")
        #expect(try await store.listing(of: s3("a")) == .folder(base: s3("a"), names: ["p1.txt"]))
    }

    @Test func theDataFolderItselfMayBeALink() async throws {
        try folder.link("linked", to: "data")
        let store = try FolderStore(data: folder.root.appending("linked"))
        try await store.put([0x78], to: s3("k"))
        #expect(try await store.text(s3("k")) == "x")
    }

    @Test func aLinkThatLeadsNowhereIsNotFound() async throws {
        try folder.link("data/papers/dangling", to: "data/papers/nothing")
        let error = await storageError { _ = try await store.get(s3("dangling"), atMost: 10) }
        #expect(error?.code == .notFound)
    }
}
