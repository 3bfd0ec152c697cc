import Storage
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ObjectURITests {
    private func typed(_ text: String) throws(StorageError) -> ObjectURI { try ObjectURI(typed: text, currentFolder: "/home/me") }

    @Test(arguments: [
        ("s3://papers/p1.jpg", "s3://papers/p1.jpg"), ("s3://papers", "s3://papers/"), ("s3://papers/", "s3://papers/"),
        ("s3://my.bucket-1/a b/%41/é", "s3://my.bucket-1/a b/%41/é"),
        ("/a/b.jpg", "file:///a/b.jpg"), ("b.jpg", "file:///home/me/b.jpg"), ("./x/../b c.jpg", "file:///home/me/b%20c.jpg"),
        ("../b.jpg", "file:///home/b.jpg"),
        ("file:///a/b%20c.jpg", "file:///a/b%20c.jpg"), ("file:/a/b", "file:///a/b"), ("file://localhost/a", "file:///a"),
        ("file:///a/%C3%A9%F0%9F%A7%AA", "file:///a/%C3%A9%F0%9F%A7%AA"),
        ("file:///a/é%25", "file:///a/%C3%A9%25"), ("file:///a/b/../c", "file:///a/c"), ("/a//b/./c/", "file:///a/b/c"),
        ("a:b", "file:///home/me/a%3Ab"),
    ])
    func readsWhatAPersonTypes(text: String, expected: String) throws {
        #expect("\(try typed(text))" == expected)
    }

    @Test(arguments: [
        "", "a\u{0}b", "http://x/y", "gs://bucket/key", "file://host/a", "file:a", "file:///a%2", "file:///a%zz", "file:///a%00",
        "file:///a%FF", "s3:///key", "s3://", "s3://ab/k",
        "s3://Papers/k", "s3://pa_pers/k", "s3://-papers/k", "s3://papers-/k", "s3://pa..pers/k", "s3://../k", "s3://.prelabel/k",
        "s3://\(String(repeating: "a", count: 64))/k",
        "s3://pápers/k",
    ])
    func refusesByName(text: String) {
        let error = #expect(throws: StorageError.self) { try typed(text) }
        #expect(error?.code == .badURI)
        #expect(error?.message.isEmpty == false)
    }

    @Test func aBucketNameThatIsNoneIsNamed() {
        let error = #expect(throws: StorageError.self) { try typed("s3://Papers/k") }
        #expect(error?.message == "s3://Papers/k: `Papers` is no bucket name")
    }

    @Test(arguments: [
        "file:///etc/passwd", "/etc/passwd", "p1.jpg", "../p1.jpg", "S3://papers/k", " s3://papers/k", "http://x/y", "",
        "file:s3://papers/k",
    ])
    func whatArrivesFromElsewhereMayNameS3Only(text: String) {
        let error = #expect(throws: StorageError.self) { try ObjectURI(received: text) }
        #expect(error?.code == .notAllowed)
        #expect(error?.message.contains(text) == true)
    }

    @Test func receivedURIsAreReadAsTyped() throws {
        #expect(try ObjectURI(received: "s3://papers/a/b.jpg") == typed("s3://papers/a/b.jpg"))
        let error = #expect(throws: StorageError.self) { try ObjectURI(received: "s3://x/k") }
        #expect(error?.code == .badURI)
    }

    @Test(arguments: [
        ("s3://papers/a%20b.jpg", "s3://papers/a%20b.jpg"), ("https://papers.s3.amazonaws.com/a%20b.jpg", "s3://papers/a b.jpg"),
        ("https://my.papers.s3.eu-west-1.amazonaws.com/out/", "s3://my.papers/out/"),
        ("https://s3.eu-west-1.amazonaws.com/papers/k", "s3://papers/k"),
        ("https://s3.dualstack.eu-west-1.amazonaws.com/papers/a+b", "s3://papers/a+b"),
        ("https://papers.s3.eu-west-1.amazonaws.com", "s3://papers/"),
    ])
    func aMemberOfAWSsAPINamesAnObjectInEitherForm(text: String, expected: String) throws {
        #expect("\(try ObjectURI(member: text))" == expected)
    }

    @Test(arguments: [
        "https://papers.example/k", "https://s3.evil.example/papers/k", "https://papers.s3.amazonaws.com.evil.example/k",
        "http://x/y",
        "/etc/passwd", "file:///etc/passwd", "", "https://s3.amazonaws.com/", "https://ec2.amazonaws.com/papers/k",
    ])
    func whatAMemberMayNotNameIsRepeatedWithWhatIsExpected(text: String) {
        let error = #expect(throws: StorageError.self) { try ObjectURI(member: text) }
        #expect(error?.code == .badURI)
        #expect(
            error?.message
                == "`\(text)` names no object of S3; expected s3://BUCKET/KEY or https://BUCKET.s3.REGION.amazonaws.com/KEY")
    }

    @Test(arguments: ["/a/b c%#?é\u{1}.jpg", "/", "/a/\u{301}x"]) func aFileURIReadsBack(path: String) throws {
        let uri = ObjectURI.file(FilePath(path))
        #expect(try typed("\(uri)") == uri)
    }

    @Test(arguments: [
        ("s3://papers/a", "b/c.jpg", "s3://papers/a/b/c.jpg"), ("s3://papers/a/", "b", "s3://papers/a/b"),
        ("s3://papers", "b", "s3://papers/b"), ("/a", "b/c", "file:///a/b/c"),
    ])
    func appendsAndTakesAwayAgain(folder: String, relative: String, expected: String) throws {
        let folder = try typed(folder)
        let uri = folder.appending(relative)
        #expect("\(uri)" == expected)
        #expect(uri.path(below: folder) == relative)
        #expect(uri.baseName == relative.split(separator: "/").last.map(String.init))
    }

    @Test(arguments: [
        ("s3://papers/ab/c", "s3://papers/a"), ("s3://papers/a", "s3://papers/a"), ("s3://papers/a/b", "s3://others/a"),
        ("/a/b", "s3://papers/a"), ("/ab/c", "/a"), ("/a", "/a"),
    ])
    func knowsWhatLiesElsewhere(uri: String, folder: String) throws {
        #expect(try typed(uri).path(below: typed(folder)) == nil)
    }
}

@Suite(.timeLimit(.minutes(1)))
struct SHA256HexTests {
    /// FIPS 180-4 examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func isThePublishedDigest(text: String, digest: String) { #expect(sha256Hex(Array(text.utf8)) == digest) }
}
