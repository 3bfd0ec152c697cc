/// Takes from the recognised lines what is not the abstract: its heading, and what follows it.
enum AbstractTrimming {
    struct Trimmed {
        /// The lines of each part of the page.
        var parts: [[[RecognizedWord]]]
        /// The heading at which the text was cut, if it was.
        var follower: String?

        var lines: [[RecognizedWord]] { parts.flatMap { $0 } }
    }

    static func trim(_ parts: [[[RecognizedWord]]]) -> Trimmed {
        var parts = parts
        guard !parts.isEmpty else { return Trimmed(parts: []) }
        dropHeading(&parts[0])
        for (partIndex, part) in parts.enumerated() {
            for (index, line) in part.enumerated() where partIndex > 0 || index > 0 {
                if let follower = HeadingWords.follower(at: line.map(\.text)) {
                    return Trimmed(parts: Array(parts[..<partIndex]) + [Array(part[..<index])], follower: follower)
                }
            }
        }
        return Trimmed(parts: parts)
    }

    private static func dropHeading(_ lines: inout [[RecognizedWord]]) {
        guard let first = lines.first else { return }
        let length = HeadingWords.abstractHeadingLength(of: first.map(\.text))
        var rest = Array(first.dropFirst(length.words))
        if length.charactersOfNext > 0, !rest.isEmpty {
            // The box shrinks with the letters, all taken as equally wide.
            let share = Double(length.charactersOfNext) / Double(rest[0].text.count)
            rest[0].text.removeFirst(length.charactersOfNext)
            rest[0].box.left += Int(share * Double(rest[0].box.width))
        }
        if rest.isEmpty { lines.removeFirst() } else { lines[0] = rest }
    }
}
