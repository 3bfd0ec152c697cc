import Functions
import GroundTruth
import Logging
import Storage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct PreAnnotationTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    private func respond(_ dataObject: String, _ change: (inout PreAnnotation.Settings) -> Void = { _ in }) async throws -> String {
        var settings = PreAnnotation.Settings()
        change(&settings)
        let event =
            #"{"version":"2018-10-16","labelingJobArn":"arn:aws:sagemaker:us-west-2:111122223333:labeling-job/demo","dataObject":\#(dataObject)}"#
        let response = try await PreAnnotation(store: folder.store, settings: settings).respond(
            to: Array(event.utf8), logger: silent)
        return String(decoding: response, as: UTF8.self)
    }

    private func error(_ dataObject: String) async -> FunctionError? {
        await #expect(throws: FunctionError.self) { _ = try await respond(dataObject) }
    }

    private func isRequired(_ response: String) throws -> Bool? {
        try JSONScanner.parse(response.utf8)["isHumanAnnotationRequired"]?.bool
    }

    // MARK: The seed's request and response

    private let seedObject =
        #"{"source-ref":"s3://demo-in/pages/p-0001.jpg","text-file-s3-uri":"s3://demo-out/text/p-0001.jpg.csv","metadata":{"isbn":"000-0"}}"#

    @Test func answersTheSeedsRequestAsTheSeedDoes() async throws {
        try await folder.put("Aim: test", to: "s3://demo-out/text/p-0001.jpg.csv")
        let response = try await respond(seedObject) { $0.stringBooleans = true }
        #expect(
            response
                == #"{"isHumanAnnotationRequired":"true","taskInput":{"metadata":{"isbn":"000-0","text_file_s3_uri":"s3://demo-out/text/p-0001.jpg.csv"},"#
                + #""taskObject":"s3://demo-in/pages/p-0001.jpg","text":"Aim: test","text-sha256":"#
                + "\"\(sha256Hex(Array("Aim: test".utf8)))\"}}\n")
    }

    @Test func theTextsURIMayBeLeftOut() async throws {
        try await folder.put("Aim: test", to: "s3://demo-out/text/p-0001.jpg.csv")
        let response = try await respond(seedObject) { $0.textURIInMetadata = false }
        #expect(response.hasPrefix(#"{"isHumanAnnotationRequired":true,"taskInput":{"metadata":{"isbn":"000-0"},"taskObject":"#))
    }

    @Test(arguments: [
        (#"{ "n":1.0,"e":1e3, "é":"\u00e9\/" }"#, #"{ "n":1.0,"e":1e3, "é":"\u00e9\/","text_file_s3_uri":"s3://demo-out/t"}"#),
        (#"{"text_file_s3_uri": "mine"}"#, #"{"text_file_s3_uri": "mine"}"#), ("[1, 2]", "[1, 2]"), ("\"x\"", "\"x\""),
        ("null", #"{"text_file_s3_uri":"s3://demo-out/t"}"#),
    ])
    func metadataPassesThroughByteForByte(metadata: String, expected: String) async throws {
        try await folder.put("Aim", to: "s3://demo-out/t")
        let response = try await respond(
            #"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/t","metadata":\#(metadata)}"#)
        #expect(response.contains(#""taskInput":{"metadata":\#(expected),"taskObject""#))
    }

    // MARK: Source

    @Test(arguments: [
        (#"{"source":"Aim"}"#, #"{"taskObject":"Aim","text":"Aim","#, true),
        (#"{"source":"Aim","source-ref":"s3://b/k"}"#, #"{"taskObject":"Aim","text":"Aim","#, true),
        (#"{"source":null,"source-ref":"s3://b/k"}"#, #"{"taskObject":"s3://b/k"}"#, true),
        (#"{"source-ref":"s3://b/k"}"#, #"{"taskObject":"s3://b/k"}"#, true),
        (#"{"source":null,"source-ref":null}"#, "{}", false), (#"{"metadata":null}"#, "{}", false), ("{}", "{}", false),
        (#"{"source":"\u0041im"}"#, #"{"taskObject":"\u0041im","text":"Aim","#, true),
    ])
    func takesSourceBeforeSourceRefAndNullAsAbsent(dataObject: String, taskInput: String, isRequired: Bool) async throws {
        let response = try await respond(dataObject)
        #expect(response.contains(#""taskInput":\#(taskInput)"#), "\(response)")
        #expect(try self.isRequired(response) == isRequired)
    }

    @Test func theTextObjectComesBeforeTheSource() async throws {
        try await folder.put("from the object", to: "s3://b-1/t")
        #expect(try await respond(#"{"source":"given","text-file-s3-uri":"s3://b-1/t"}"#).contains(#""text":"from the object""#))
    }

    // MARK: Nothing to annotate

    @Test(arguments: [
        (#""status":"not-found""#, ""), (#""status":"found""#, ""), (#""x":1"#, ""), (#""status":"not-found""#, "text"),
    ])
    func anObjectWithoutTextGoesToNoWorkerUnlessAsked(metadata: String, text: String) async throws {
        try await folder.put(text, to: "s3://demo-out/t")
        let object =
            #"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/t","text-file-s3-uri-metadata":{\#(metadata)}}"#
        #expect(try isRequired(try await respond(object)) == false)
        #expect(try await respond(object) { $0.stringBooleans = true }.contains(#""isHumanAnnotationRequired":"false""#))
        #expect(try isRequired(try await respond(object) { $0.annotatesEmptyTexts = true }) == true)
    }

    @Test func aFailedPageGoesToNoWorker() async throws {
        let response = try await respond(
            #"{"source-ref":"s3://demo-in/p","text-file-s3-uri-metadata":{"status":"failed","failure-reason":"truncated"}}"#)
        #expect(try isRequired(response) == false)
        #expect(response.contains(#""text":"""#))
    }

    // MARK: Texts that cannot be used

    @Test(arguments: ["", "\u{FEFF}Aim\r\n\u{2028}🧪 e\u{301}\r\n", " \u{A0}x\n\n", "\"\\\u{0}\u{1F}"]) func theTextArrivesExactly(
        text: String
    ) async throws {
        try await folder.put(text, to: "s3://demo-out/t")
        let response = try await respond(#"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/t"}"#)
        let taskInput = try #require(try JSONScanner.parse(response.utf8)["taskInput"])
        #expect(taskInput["text"]?.string?.utf8.elementsEqual(text.utf8) == true)
        #expect(taskInput["text-sha256"]?.string == sha256Hex(Array(text.utf8)))
    }

    @Test func aTextThatChangedIsRefused() async throws {
        try await folder.put("Aim", to: "s3://demo-out/t")
        let object = { (sha256: String) in
            #"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/t","text-file-s3-uri-metadata":{"text-sha256":"\#(sha256)"}}"#
        }
        _ = try await respond(object(sha256Hex(Array("Aim".utf8))))
        let error = await error(object(sha256Hex(Array("Aims".utf8))))
        #expect(error?.code == .textChanged)
        #expect(error?.message.contains("s3://demo-out/t") == true)
    }

    @Test func aMissingTextIsAnError() async throws {
        let error = await error(#"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/missing"}"#)
        #expect(error?.code == .unreadableText)
        #expect(error?.message.contains("s3://demo-out/missing does not exist") == true)
    }

    @Test(arguments: ["file:///etc/passwd", "/etc/passwd", "s3://demo-out/../x", "s3://x/k"]) func aTextMayNotLieElsewhere(
        uri: String
    ) async throws {
        let error = await error(#"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"\#(uri)"}"#)
        #expect(error?.code == .unreadableText)
        #expect(error?.message.contains(uri) == true)
    }

    @Test func aTextThatIsNotUTF8NamesItsByte() async throws {
        try await folder.store.put([0x61, 0xFF], to: .s3(bucket: "demo-out", key: "t"))
        let error = await error(#"{"source-ref":"s3://demo-in/p","text-file-s3-uri":"s3://demo-out/t"}"#)
        #expect(error?.code == .textNotUTF8)
        #expect(error?.message == "s3://demo-out/t: byte 1 is not UTF-8 (found 0xff)")
    }

    @Test func aTaskInputThatNoTemplateTakesIsRefused() async throws {
        let overhead = "{\"taskObject\":\"\",\"text\":\"\",\"text-sha256\":\"\"}".count + 64
        let most = (PreAnnotation.maximumTaskInputCharacters - overhead) / 2
        _ = try await respond(#"{"source":"\#(String(repeating: "é", count: most))"}"#)
        let error = await error(#"{"source":"\#(String(repeating: "🧪", count: most + 1))"}"#)
        #expect(error?.code == .taskInputTooLarge)
        #expect(error?.message.contains("128000") == true)
    }

    @Test(arguments: [#"{"text-file-s3-uri":5}"#, "[]", "5"]) func aBadObjectIsABadEvent(object: String) async {
        #expect(await error(object)?.code == .badEvent)
    }

    @Test(arguments: ["", "nonsense", "{}", "[]", "\u{FEFF}{}"]) func aBadEventIsNamed(event: String) async {
        let function = PreAnnotation(store: folder.store, settings: .init())
        let error = await #expect(throws: FunctionError.self) {
            _ = try await function.respond(to: Array(event.utf8), logger: silent)
        }
        #expect(error?.code == .badEvent)
        #expect(error?.description.hasPrefix("bad-event: ") == true)
    }
}
