import Annotations
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TextAndLabelTests {
    @Test(
        arguments: [
            ([0x61, 0xFF], 1, "ff"), ([0x61, 0x62, 0xC3], 2, "c3"), ([0xC0, 0xAF], 0, "c0"), ([0xED, 0xA0, 0x80], 0, "ed"),
            ([0xC3, 0xA9, 0x80], 2, "80"), ([0xF4, 0x90, 0x80, 0x80], 0, "f4"), ([0x61, 0xE2, 0x82, 0x28], 1, "e2"),
        ] as [([UInt8], Int, String)])
    func namesTheByteAtWhichTextIsNoUTF8(bytes: [UInt8], position: Int, byte: String) {
        let error = #expect(throws: TextError.self) { try DocumentText(utf8: bytes) }
        #expect(error?.code == .invalidUTF8)
        #expect(error?.message == "byte \(position) is not UTF-8 (found 0x\(byte))")
        #expect(firstInvalidUTF8Byte(in: bytes) == position)
    }

    @Test(arguments: ["", "ASCII", "é\u{2028}🧪\u{0}", "\u{FEFF}", "\u{10FFFF}"])
    func keepsValidTextByteForByte(string: String) throws {
        let text = try DocumentText(utf8: Array(string.utf8))
        #expect(text.bytes == Array(string.utf8))
        #expect(text.string.utf8.elementsEqual(string.utf8))
        #expect(text.isEmpty == string.isEmpty)
        #expect(firstInvalidUTF8Byte(in: text.bytes) == nil)
    }

    @Test func canonicallyEquivalentTextsDiffer() {
        let composed = DocumentText("caf\u{E9}")
        let decomposed = DocumentText("cafe\u{301}")
        #expect(composed.string == decomposed.string, "Swift's strings are equal")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }

    @Test func canonicallyEquivalentLabelsDiffer() {
        let composed = Label("CAF\u{C9}")
        let decomposed = Label("CAFE\u{301}")
        #expect(composed.name == decomposed.name, "Swift's strings are equal")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(decomposed < composed)
    }

    @Test func labelsSortByTheirBytes() {
        let labels: [Label] = ["é", "z", "a", "Z", "🧪", "\u{FF01}"]
        #expect(labels.sorted().map(\.name) == ["Z", "a", "z", "é", "\u{FF01}", "🧪"])
    }
}
