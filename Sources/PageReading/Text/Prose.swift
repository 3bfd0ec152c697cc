/// Tells running text from names, addresses, tables and lists of contents, in any language whose letters have two cases.
enum Prose {
    /// Most words of prose begin with a small letter, even in German; few words of names and addresses do.
    private static let smallLetters = 0.45

    static func isProse(_ words: [String], minimumCount: Int = 15) -> Bool {
        guard words.count >= minimumCount else { return false }
        // A list of contents has a row of dots in each line.
        guard words.count(where: { $0.contains("....") }) * 20 <= words.count else { return false }
        let small = words.count { $0.first?.isLowercase ?? false }
        return Double(small) >= smallLetters * Double(words.count)
    }
}
