/// Takes from the recognised lines what is not the abstract: its heading, and what follows it.
enum AbstractTrimming {
    struct Trimmed {
        var lines: [[RecognizedWord]]
        /// The heading at which the text was cut, if it was.
        var follower: String?
    }

    static func trim(_ lines: [[RecognizedWord]]) -> Trimmed {
        var lines = lines
        dropHeading(&lines)
        for (index, line) in lines.enumerated() where index > 0 {
            if let follower = HeadingWords.follower(at: line.map(\.text)) {
                return Trimmed(lines: Array(lines[..<index]), follower: follower)
            }
        }
        return Trimmed(lines: lines, follower: nil)
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
