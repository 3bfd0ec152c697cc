import Annotations
import Testing

@testable import TrainingData

/// What files of other tools say, and how it is found out what their offsets count.
@Suite(.timeLimit(.minutes(1)))
struct OffsetResolverTests {
    private static let text = "a🧪\r\nb é c"

    private func read(_ start: Int, _ end: Int, _ surface: String?) -> ReadSpan {
        ReadSpan(start: start, end: end, label: "X", surface: surface)
    }

    @Test(
        arguments: [
            // The span `é` in every unit, with the tube before it as proof.
            ([(1, 2, "🧪"), (6, 7, "é")], "code-points", false), ([(1, 3, "🧪"), (7, 8, "é")], "utf-16", false),
            ([(1, 5, "🧪"), (9, 11, "é")], "bytes", false), ([(1, 2, "🧪"), (5, 6, "é")], "code-points", true),
            ([(1, 3, "🧪"), (6, 7, "é")], "utf-16", true), ([(1, 5, "🧪"), (8, 10, "é")], "bytes", true),
        ] as [([(Int, Int, String)], String, Bool)])
    func findsTheUnit(spans: [(Int, Int, String)], unit: String, folds: Bool) throws {
        let resolved = try OffsetResolver(DocumentText(Self.text), documented: .codePoints)
            .resolve([spans.map { read($0, $1, $2) }])
        #expect(resolved.unit.rawValue == unit && resolved.foldsLineEnds == folds)
        #expect(resolved.spans[0].map { DocumentText(Self.text).slice($0.span) } == ["🧪", "é"])
    }

    @Test func aRecordThatNoUnitFitsIsRefusedWithItsFirstMismatch() {
        let error = #expect(throws: RecordError.self) {
            try OffsetResolver(DocumentText(Self.text), documented: .codePoints).resolve([
                [read(1, 2, "🧪"), read(6, 7, "x"), read(0, 1, "y")]
            ])
        }
        #expect(error?.message.contains("6..<7 (X) came with `x`, in code-points the text has `é`") == true)
    }

    @Test func withoutSurfacesTheDocumentedUnitHolds() throws {
        let document = DocumentText("🧪ab")
        let resolved = try OffsetResolver(document, documented: .utf16).resolve([[read(2, 3, nil)]])
        #expect(document.slice(resolved.spans[0][0].span) == "a")
        #expect(throws: RecordError.self) { try OffsetResolver(document, documented: .codePoints).resolve([[read(2, 4, nil)]]) }
        #expect(throws: RecordError.self) { try OffsetResolver(document, documented: .utf16).resolve([[read(1, 2, nil)]]) }
    }

    @Test func oneUnitHoldsForAllSpansOfARecord() {
        // The first fits code points only, the second UTF-16 only.
        #expect(throws: RecordError.self) {
            try OffsetResolver(DocumentText("🧪ab🧪cd"), documented: .codePoints).resolve([[read(1, 2, "a")], [read(6, 7, "c")]])
        }
    }

    @Test func aForcedUnitIsTheOnlyOne() {
        let document = DocumentText("🧪ab")
        #expect(throws: RecordError.self) {
            try OffsetResolver(document, documented: .codePoints, forced: .utf16).resolve([[read(1, 2, "a")]])
        }
    }

    @Test func blanksAreFoldedWhereToolsFoldThem() throws {
        let document = DocumentText("two  blanks")
        _ = try OffsetResolver(document, documented: .codePoints, comparison: .blanksFolded).resolve([[read(0, 11, "two blanks")]])
        #expect(throws: RecordError.self) {
            try OffsetResolver(document, documented: .codePoints).resolve([[read(0, 11, "two blanks")]])
        }
    }
}
