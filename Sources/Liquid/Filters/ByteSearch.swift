/// Finds a byte sequence in linear time, whatever the text (Knuth, Morris, Pratt 1977): a template chooses both.
struct ByteSearch {
    private let pattern: [UInt8]
    /// Length of the longest proper border of each prefix.
    private let borders: [Int]

    init(_ pattern: some Sequence<UInt8>) {
        self.pattern = Array(pattern)
        var borders = [Int](repeating: 0, count: self.pattern.count)
        var matched = 0
        for index in self.pattern.indices.dropFirst() {
            while matched > 0, self.pattern[index] != self.pattern[matched] { matched = borders[matched - 1] }
            if self.pattern[index] == self.pattern[matched] { matched += 1 }
            borders[index] = matched
        }
        self.borders = borders
    }

    var count: Int { pattern.count }

    /// Where the sequence begins, at `start` or after it; an empty one is found at `start`.
    func firstIndex(in text: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first else { return start <= text.count ? start : nil }
        var matched = 0
        var index = start
        while index < text.count {
            if matched == 0 {
                // Most bytes begin no match.
                while index < text.count, text[index] != first { index += 1 }
                guard index < text.count else { return nil }
            }
            while matched > 0, text[index] != pattern[matched] { matched = borders[matched - 1] }
            if text[index] == pattern[matched] { matched += 1 }
            index += 1
            if matched == pattern.count { return index - matched }
        }
        return nil
    }

    /// The last place where the sequence begins; the end for an empty one.
    func lastIndex(in text: [UInt8]) -> Int? {
        let reversed = ByteSearch(pattern.reversed())
        return reversed.firstIndex(in: text.reversed(), from: 0).map { text.count - $0 - count }
    }
}
