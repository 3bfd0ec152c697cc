/// What the model of sentence roles sees of a sentence; the list with reasons stands in the article on suggestions.
enum SentenceFeatures {
    /// Templates. Their numbers are part of the model file's version: a change of meaning needs another version.
    private enum Template: UInt64 {
        case bias = 1, word, pair, triple, start, firstTwo, firstThree, firstFour, ending, beginning, length
        case place, placeFromEnd, tenth, count, placeAndCount, only
        case earlierWord, laterWord, edge
        case past, present, numbers, persons, cue, heading, underHeading
    }

    /// The sentences beside this one say less about it than its own words.
    private static let neighbourWeight: Float = 0.7

    /// - Returns: A row of features for each sentence.
    static func rows(of text: Scalars, sentences: [Range<Int>]) -> [[Feature]] {
        let words = sentences.map { Words.words(of: text, in: $0) }
        let distinct = words.map { distinctKeys($0.map(\.key)) }
        var heading: UInt64?
        return sentences.indices.map { index in
            var row = FeatureRow<Template>()
            add(words[index], distinct: distinct[index], text: text, to: &row)
            addPlace(index, of: sentences.count, to: &row)
            addNeighbours(index, distinct, to: &row)
            addCues(words[index], text: text, to: &row)
            heading = Cues.heading(of: words[index], text: text) ?? heading
            if let heading { row.add(.underHeading, heading) }
            return row.distinct()
        }
    }

    private static func distinctKeys(_ keys: [UInt64]) -> [UInt64] {
        var distinct: [UInt64] = []
        for key in keys.sorted() where distinct.last != key { distinct.append(key) }
        return distinct
    }

    /// Words count less in a long sentence: with the fourth root of its number of different words.
    private static func wordWeight(_ count: Int) -> Float { (20 / Float(count + 5)).squareRoot().squareRoot() }

    private static func add(_ words: [Word], distinct: [UInt64], text: Scalars, to row: inout FeatureRow<Template>) {
        let weight = wordWeight(distinct.count)
        row.add(.bias, 0)
        for key in distinct { row.add(.word, key, weight: weight) }
        for (first, second) in zip(words, words.dropFirst()) {
            row.add(.pair, FeatureKey.join(first.key, second.key), weight: weight)
        }
        for index in words.indices.dropLast(2) {
            row.add(.triple, joined(words[index..<index + 3]), weight: 0.5 * weight)
        }
        for (place, word) in words.prefix(3).enumerated() { row.add(.start, FeatureKey.join(UInt64(place), word.key)) }
        row.add(.firstTwo, joined(words.prefix(2)))
        row.add(.firstThree, joined(words.prefix(3)))
        row.add(.firstFour, joined(words.prefix(4)))
        for word in words where word.kind == .word {
            if word.range.count > 4 { row.add(.ending, FeatureKey.key(of: text.values[word.range].suffix(3)), weight: weight) }
            if word.range.count > 5 { row.add(.beginning, FeatureKey.key(of: text.values[word.range].prefix(5)), weight: weight) }
        }
        row.add(.length, UInt64(min(words.count / 5, 10)))
    }

    private static func joined(_ words: ArraySlice<Word>) -> UInt64 { words.reduce(0) { FeatureKey.join($0, $1.key) } }

    private static func addPlace(_ index: Int, of count: Int, to row: inout FeatureRow<Template>) {
        row.add(.place, UInt64(min(index, 9)))
        row.add(.placeFromEnd, UInt64(min(count - 1 - index, 9)))
        row.add(.tenth, UInt64(10 * index / count))
        row.add(.count, UInt64(min(count, 15)))
        row.add(.placeAndCount, UInt64(min(index, 9) * 16 + min(count, 12)))
        if count == 1 { row.add(.only, 0) }
    }

    private static func addNeighbours(_ index: Int, _ distinct: [[UInt64]], to row: inout FeatureRow<Template>) {
        let weight = neighbourWeight * wordWeight(distinct[index].count)
        if index > 0 {
            for key in distinct[index - 1] { row.add(.earlierWord, key, weight: weight) }
        } else {
            row.add(.edge, 0, weight: neighbourWeight)
        }
        if index + 1 < distinct.count {
            for key in distinct[index + 1] { row.add(.laterWord, key, weight: weight) }
        } else {
            row.add(.edge, 1, weight: neighbourWeight)
        }
    }

    /// Tense, numbers, who speaks, and the words after a noun that stands for the work itself.
    private static func addCues(_ words: [Word], text: Scalars, to row: inout FeatureRow<Template>) {
        var (past, present, numbers) = (0, 0, 0)
        var persons: UInt64 = 0
        for (index, word) in words.enumerated() {
            if word.kind == .number { numbers += 1 }
            guard word.kind == .word else { continue }
            if Cues.past.contains(word.key) || text.values[word.range].suffix(2).elementsEqual(["e", "d"]) { past += 1 }
            if Cues.present.contains(word.key) { present += 1 }
            for (bit, person) in Cues.persons.enumerated() where person == word.key { persons |= 1 << UInt64(bit) }
            guard Cues.work.contains(word.key) else { continue }
            for next in words.dropFirst(index + 1).prefix(3) { row.add(.cue, FeatureKey.join(word.key, next.key)) }
        }
        row.add(.past, UInt64(min(past, 3)))
        row.add(.present, UInt64(min(present, 3)))
        row.add(.numbers, UInt64(min(numbers, 4)))
        row.add(.persons, persons)
        if let heading = Cues.heading(of: words, text: text) { row.add(.heading, heading) }
    }
}

/// English words that tell what a sentence is about.
private enum Cues {
    static let past = keys(["was", "were", "had", "did"])
    static let present = keys(["is", "are", "has", "have", "do", "does", "can", "may", "will"])
    static let persons = ["we", "our", "this"].map { FeatureKey.key(of: $0.unicodeScalars) }
    static let work = keys(["we", "paper", "study", "results", "article", "work", "method", "approach", "algorithm", "model"])
    private static let headings = keys([
        "background", "introduction", "context", "objective", "objectives", "aim", "aims", "purpose", "goal", "method", "methods",
        "methodology", "design", "setting", "participants", "patients", "interventions", "measurements", "materials", "result",
        "results",
        "findings", "conclusion", "conclusions", "discussion", "interpretation", "significance", "limitations", "motivation",
        "summary",
    ])
    private static let colon = FeatureKey.key(of: [":"])

    private static func keys(_ words: [String]) -> Set<UInt64> { Set(words.map { FeatureKey.key(of: $0.unicodeScalars) }) }

    /// The section heading that a sentence begins with: such a word before a colon, within the first four, or in capitals.
    static func heading(of words: [Word], text: Scalars) -> UInt64? {
        guard let first = words.first, headings.contains(first.key) else { return nil }
        if words.prefix(5).dropFirst().contains(where: { $0.key == colon }) { return first.key }
        return text.values[first.range].allSatisfy(\.isUppercase) ? first.key : nil
    }
}
