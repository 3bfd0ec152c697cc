/// Something to put in the place of a piece of a template's own text: outside of tags and outputs, and never in what data print.
package struct TextReplacement: Sendable {
    private let search: ByteSearch
    private let replacement: [UInt8]

    /// - Parameter text: Not empty.
    package init(of text: String, with replacement: String) {
        precondition(!text.isEmpty, "nothing stands everywhere")
        search = ByteSearch(text.utf8)
        self.replacement = Array(replacement.utf8)
    }

    func applied(to bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var start = 0
        while let found = search.firstIndex(in: bytes, from: start) {
            result += bytes[start..<found]
            result += replacement
            start = found + search.count
        }
        return start == 0 ? bytes : result + bytes[start...]
    }
}
