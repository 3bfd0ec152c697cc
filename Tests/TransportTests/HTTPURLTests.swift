import Testing
import Transport

@Suite struct HTTPURLTests {
    @Test(arguments: [
        ("http://h", "http://h/", "h"), ("HTTPS://h:1/a//../b?x=%20&y", "https://h:1/a//../b?x=%20&y", "h"),
        ("http://[::1]:80?x#y", "http://[::1]:80/?x", "::1"), ("http://h/a?", "http://h/a?", "h"),
    ])
    func isReadInParts(text: String, description: String, host: String) throws {
        let url = try HTTPURL(parsing: text)
        #expect("\(url)" == description)
        #expect(url.host == host)
    }

    @Test(arguments: [
        "", "h", "ftp://h/", "http://", "http:///a", "http://me:pass@h/", "http://h/a b", "http://h/é", "http://h/\r\nX:1",
    ])
    func refusesWhatCannotBeSent(text: String) {
        let error = #expect(throws: TransportError.self) { try HTTPURL(parsing: text) }
        #expect(error?.code == .badRequest)
    }

    @Test func theQueryIsNotShown() throws {
        #expect(try HTTPURL(parsing: "http://h/a?X-Amz-Signature=1").redacted == "http://h/a")
        let error = #expect(throws: TransportError.self) { try HTTPURL(parsing: "http://h/a b?X-Amz-Signature=1") }
        #expect(error?.message.contains("Signature") == false)
    }
}
