import Annotations
import Consolidation
import Functions
import GroundTruth
import Logging
import Storage
import Testing
import TrainingData

@testable import Pipeline

/// From a worker's answer to every export, with all that makes offsets go wrong in one text.
@Suite(.timeLimit(.minutes(1)))
struct RoundTripTests {
    private let folder: TestStore
    private static let text =
        "\u{FEFF}Aim: e\u{301}te\u{301} \u{1F469}\u{200D}\u{1F52C}\r\nuses 40 mg\u{2028}of 🧪X \u{1F1F3}\u{1F1F4} now.\r\n"
    /// Surfaces with their labels; each stands once in the text.
    private static let marks = [
        ("Aim:", "AIM"), ("e\u{301}te\u{301}", "WORD"), ("\u{1F469}\u{200D}\u{1F52C}\r\nuses", "BREAK"), ("40", "DOSE"),
        ("🧪X", "TUBE"), ("\u{1F1F3}\u{1F1F4}", "FLAG"),
    ]

    init() throws { folder = try TestStore() }

    /// Offsets found by searching the text's units, without the code under test.
    private static func ranges<Unit: Equatable>(_ units: [Unit], of parts: [[Unit]]) throws -> [Range<Int>] {
        try parts.map { part in
            let starts = units.indices.filter { units[$0...].starts(with: part) }
            try #require(starts.count == 1)
            return starts[0]..<starts[0] + part.count
        }
    }

    private static func scalars(_ text: String) -> [Unicode.Scalar] { Array(text.unicodeScalars) }

    enum Form: CaseIterable { case crowd, seed }

    /// The answer that a page gives when a worker marks the surfaces.
    private func content(_ form: Form) throws -> String {
        switch form {
        case .crowd:
            let ranges = try Self.ranges(Array(Self.text.utf16), of: Self.marks.map { Array($0.0.utf16) })
            let entities: [JSONOutput] = zip(ranges, Self.marks).map {
                ["endOffset": .int($0.upperBound), "label": .string($1.1), "startOffset": .int($0.lowerBound)]
            }
            return JSONOutput.object(["crowd-entity-annotation": ["entities": .array(entities)]]).bytes.text
        case .seed:
            // What the page splits: LF for CR LF, trimmed, at U+0020 only.
            let page = "Aim: e\u{301}te\u{301} \u{1F469}\u{200D}\u{1F52C}\nuses 40 mg\u{2028}of 🧪X \u{1F1F3}\u{1F1F4} now."
            let tokens = page.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let value: [JSONOutput] = try Self.marks.map { surface, label in
                let token = Self.scalars(surface).filter { $0 != "\r" }
                let index = try #require(tokens.firstIndex { Self.scalars($0) == token })
                return ["end": .int(index + 1), "start": .int(index), "tag": .string(label), "tokens": [.string(tokens[index])]]
            }
            return JSONOutput.object(["annotations": .string(JSONOutput.object(["value": .array(value)]).bytes.text)]).bytes.text
        }
    }

    /// The output manifest's line that the service would write with our function's answer.
    private func outputManifest(_ forms: [Form]) async throws {
        try await folder.put(Self.text, to: "s3://papers/text/p1.txt")
        let input =
            #"{"source-ref":"s3://papers/p1.jpg","text-file-s3-uri":"s3://papers/text/p1.txt","text-file-s3-uri-metadata":{"text-sha256":"\#(sha256Hex(Array(Self.text.utf8)))"}}"#
        try await folder.put(lines: [input], to: "s3://papers/input.manifest")
        let answers: [JSONOutput] = try forms.enumerated().map {
            ["annotationData": ["content": .string(try content($1))], "workerId": .string("w\($0)")]
        }
        let event: JSONOutput = [
            "labelAttributeName": "ner",
            "payload": [["annotations": .array(answers), "dataObject": ["s3Uri": "s3://papers/p1.jpg"], "datasetObjectId": "0"]],
        ]
        let function = PostAnnotation(
            store: folder.store, manifest: try ObjectURI(received: "s3://papers/input.manifest"), method: .groundTruth)
        let response = try await function.respond(to: event.bytes, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let answer = try #require(try JSONScanner.parse(response.body).array?.first?["consolidatedAnnotation"]?["content"]?["ner"])
        #expect(answer["consolidation"]?["rejected"]?.array?.isEmpty == true)
        try await folder.put(
            lines: [try manifestLine(input).setting(["ner": .raw(answer)]).text], to: "s3://papers/output.manifest")
    }

    private func export(_ format: String) async throws {
        let reader = try await DatasetReader(
            store: folder.store, input: try ObjectURI(received: "s3://papers/output.manifest"), attribute: nil)
        let summary = try await DatasetExport(
            store: folder.store, reader: reader, format: try #require(DataFormat(named: format)),
            options: ExportOptions(attribute: "ner"), folder: ObjectURI(received: "s3://papers/out"), split: nil, seed: 0
        ).run()
        #expect(summary.documents == 1 && summary.losses == 0)
    }

    private static let forms = [[Form.crowd], [.seed], [.crowd, .seed]]

    @Test(arguments: forms) func groundTruthKeepsUTF16Offsets(forms: [Form]) async throws {
        try await outputManifest(forms)
        try await export("ground-truth")
        let line = try manifestLine(try #require(try await folder.lines("s3://papers/out/all.manifest").first))
        let source = try #require(line.string("source"))
        #expect(source.utf8.elementsEqual(Self.text.utf8))
        let units = Array(source.utf16)
        let entities = try #require(line["ner"]?["annotations"]?["entities"]?.array)
        let found = try entities.map { entity in
            (
                Array(units[try #require(entity["startOffset"]?.int)..<(try #require(entity["endOffset"]?.int))]),
                try #require(entity["label"]?.string)
            )
        }
        #expect(found.map(\.0) == Self.marks.map { Array($0.0.utf16) })
        #expect(found.map(\.1) == Self.marks.map(\.1))
    }

    @Test(arguments: forms) func spacyKeepsScalarOffsets(forms: [Form]) async throws {
        try await outputManifest(forms)
        try await export("spacy-jsonl")
        let line = try JSONScanner.parse(try #require(try await folder.lines("s3://papers/out/all.jsonl").first).utf8)
        let text = Self.scalars(try #require(line["text"]?.string))
        #expect(text == Self.scalars(Self.text))
        let found = try #require(line["entities"]?.array).map { triple in
            (
                Array(text[try #require(triple.array?[0].int)..<(try #require(triple.array?[1].int))]),
                try #require(triple.array?[2].string)
            )
        }
        #expect(found.map(\.0) == Self.marks.map { Self.scalars($0.0) })
        #expect(found.map(\.1) == Self.marks.map(\.1))
    }

    @Test(arguments: forms) func conllKeepsTokensAndTheirPlaces(forms: [Form]) async throws {
        try await outputManifest(forms)
        try await export("conll")
        let rows = try await folder.text("s3://papers/out/all.conll").unicodeScalars.split(separator: "\n").dropFirst().map { row in
            row.split(separator: " ").map { String($0) }
        }
        let sidecar = try JSONScanner.parse(try #require(try await folder.lines("s3://papers/out/all.tokens.jsonl").first).utf8)
        #expect(sidecar["text"]?.string?.utf8.elementsEqual(Self.text.utf8) == true)
        let text = Self.scalars(Self.text)
        let places = try #require(sidecar["tokens"]?.array).map { range in
            (try #require(range.array?[0].int), try #require(range.array?[1].int))
        }
        #expect(rows.map { Self.scalars($0[0]) } == places.map { Array(text[$0.0..<$0.1]) })
        // Tags and places together give the spans back.
        var found: [(Int, Int, String)] = []
        for (row, place) in zip(rows, places) {
            let tag = row[3]
            if tag.hasPrefix("B-") { found.append((place.0, place.1, String(tag.dropFirst(2)))) }
            if tag.hasPrefix("I-") { found[found.count - 1].1 = place.1 }
        }
        let expected = try Self.ranges(text, of: Self.marks.map { Self.scalars($0.0) })
        #expect(found.map { $0.0..<$0.1 } == expected)
        #expect(found.map(\.2) == Self.marks.map(\.1))
    }
}
