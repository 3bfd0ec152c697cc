/// Decides whether a hyphen at a line's end belongs to the word or only to the line.
struct Hyphenation {
    /// Words that carry a hyphen inside a line of the same page, in lower case.
    private let hyphenated: Set<String>
    /// Words of the same page without one, in lower case.
    private let plain: Set<String>
    /// Whether the language's dictionary has a word.
    private let isValid: (String) -> Bool

    /// First parts that are set before whole words with a hyphen.
    private static let compounding: Set<String> = [
        "self", "well", "non", "half", "cross", "ex", "high", "low", "long", "short", "large", "real",
    ]

    init(words: [String], isValid: @escaping (String) -> Bool) {
        let bare = words.map { Self.core($0).lowercased() }
        hyphenated = Set(bare.filter { $0.dropFirst().dropLast().contains(where: Self.isHyphen) })
        plain = Set(bare)
        self.isValid = isValid
    }

    static func isHyphen(_ character: Character) -> Bool { "-\u{2010}\u{00AD}\u{2011}".contains(character) }

    /// Whether a word at a line's end goes on in the next line.
    static func continues(_ word: String) -> Bool {
        guard let last = word.last, isHyphen(last), let before = word.dropLast().last else { return false }
        return before.isLetter || before.isNumber
    }

    /// - Parameters:
    ///   - first: The end of a line, its hyphen included.
    ///   - second: The start of the next line.
    /// - Returns: Whether the hyphen is printed inside lines, too, and has to stay.
    func keepsHyphen(_ first: String, _ second: String) -> Bool {
        let head = Self.core(String(first.dropLast()))
        let tail = Self.core(second)
        guard let tailStart = tail.first else { return true }
        if !tailStart.isLowercase || head.contains(where: \.isNumber) { return true }
        if let inner = head.lastIndex(where: Self.isHyphen) {
            // `anti-can-` + `cer`, but `state-of-` + `the`.
            return !isValid(head[head.index(after: inner)...].lowercased() + tail.lowercased())
        }
        if head.count >= 2, head.dropFirst().contains(where: \.isUppercase) { return true }
        let (headWord, tailWord) = (head.lowercased(), tail.lowercased())
        if hyphenated.contains("\(headWord)-\(tailWord)") { return true }
        if plain.contains(headWord + tailWord) { return false }
        // `long-` + `term-memory`: the second part is a compound itself.
        let tailHead = String(tailWord.prefix { !Self.isHyphen($0) })
        if isValid(headWord + tailHead) { return false }
        let areWords = headWord.count >= 3 && tailHead.count >= 3 && isValid(headWord) && isValid(tailHead)
        return areWords || (Self.compounding.contains(headWord) && isValid(tailHead))
    }

    /// The word without quotes, brackets and stops around it.
    private static func core(_ word: String) -> String {
        let isOuter = { (character: Character) in !(character.isLetter || character.isNumber) }
        return String(word.drop(while: isOuter).reversed().drop(while: isOuter).reversed())
    }
}
