/// What the training documents say about phrases and words: how often each was marked, and with which label.
struct Gazetteer: Sendable, Equatable {
    static let maximumPhrase = 12

    /// Phrases by the joined stems of their tokens, and words by their stem; the values are ``GazetteerCounts/summary(without:)``.
    var phrases: [UInt64: UInt8] = [:]
    var words: [UInt64: UInt8] = [:]
    /// All beginnings of phrases, so that a search knows when to stop.
    var beginnings: Set<UInt64> = []

    /// The longest phrase that begins at a token.
    func longestPhrase(at first: Int, in sentence: Range<Int>, of document: SpanTokens) -> (range: Range<Int>, summary: UInt8)? {
        var key: UInt64 = 0
        var longest: (range: Range<Int>, summary: UInt8)?
        for index in first..<min(sentence.upperBound, first + Self.maximumPhrase) {
            key = FeatureKey.join(key, document.tokens[index].stem)
            guard beginnings.contains(key) else { break }
            if let summary = phrases[key] { longest = (first..<index + 1, summary) }
        }
        return longest
    }
}

/// How often something occurred, and how often under each label.
struct GazetteerCounts {
    fileprivate var occurrences = 0
    fileprivate var marked: [Int: Int] = [:]

    /// The label given most often, of equal ones the first; whether it was given once or more; and in which quarter of the
    /// occurrences: 0 when never, else 1 to 255.
    ///
    /// - Parameter own: Counts to leave out.
    fileprivate func summary(without own: GazetteerCounts?) -> UInt8 {
        let occurrences = occurrences - (own?.occurrences ?? 0)
        var best: (label: Int, count: Int) = (0, 0)
        for (label, count) in marked.sorted(by: { $0.key < $1.key }) {
            let count = count - (own?.marked[label] ?? 0)
            if count > best.count { best = (label, count) }
        }
        guard best.count > 0 else { return 0 }
        let quarter = min(4 * best.count / max(occurrences, 1), 3)
        return UInt8(1 + 8 * min(best.label, 30) + 2 * quarter + (best.count > 1 ? 1 : 0))
    }

    fileprivate mutating func add(_ other: Self) {
        occurrences += other.occurrences
        for (label, count) in other.marked { marked[label, default: 0] += count }
    }
}

/// Counts over the training documents.
///
/// A training document must not find its own marks in the gazetteer, or the model would trust it too much: it sees counts without its
/// own (leave one out).
struct GazetteerBuilder {
    private typealias Table = [UInt64: GazetteerCounts]

    private var phrases: Table = [:]
    private var words: Table = [:]
    private var beginnings: Set<UInt64> = []

    typealias Spans = [TokenRange]

    init(_ documents: [(tokens: SpanTokens, spans: Spans)]) {
        for (document, spans) in documents {
            for span in spans where span.range.count <= Gazetteer.maximumPhrase {
                var key: UInt64 = 0
                for token in document.tokens[span.range] {
                    key = FeatureKey.join(key, token.stem)
                    beginnings.insert(key)
                }
                phrases[key, default: GazetteerCounts()].marked[span.label, default: 0] += 0
            }
        }
        for (document, spans) in documents {
            let own = counts(of: document, spans: spans)
            for (key, count) in own.phrases { phrases[key, default: GazetteerCounts()].add(count) }
            for (key, count) in own.words { words[key, default: GazetteerCounts()].add(count) }
        }
    }

    private func counts(of document: SpanTokens, spans: Spans) -> (phrases: Table, words: Table) {
        var own: (phrases: Table, words: Table) = ([:], [:])
        for sentence in document.sentences {
            for index in sentence {
                own.words[document.tokens[index].stem, default: GazetteerCounts()].occurrences += 1
                var key: UInt64 = 0
                for end in index..<min(sentence.upperBound, index + Gazetteer.maximumPhrase) {
                    key = FeatureKey.join(key, document.tokens[end].stem)
                    guard beginnings.contains(key) else { break }
                    if phrases[key] != nil { own.phrases[key, default: GazetteerCounts()].occurrences += 1 }
                }
            }
        }
        for span in spans {
            var key: UInt64 = 0
            for token in document.tokens[span.range] {
                key = FeatureKey.join(key, token.stem)
                own.words[token.stem, default: GazetteerCounts()].marked[span.label, default: 0] += 1
            }
            if span.range.count <= Gazetteer.maximumPhrase {
                own.phrases[key, default: GazetteerCounts()].marked[span.label, default: 0] += 1
            }
        }
        return own
    }

    /// The gazetteer of all documents but one, as far as that one needs it.
    func gazetteer(without document: SpanTokens, spans: Spans) -> Gazetteer {
        let own = counts(of: document, spans: spans)
        func summaries(_ own: Table, _ all: Table) -> [UInt64: UInt8] {
            var summaries: [UInt64: UInt8] = [:]
            for (key, count) in own {
                let summary = all[key]?.summary(without: count) ?? 0
                if summary > 0 { summaries[key] = summary }
            }
            return summaries
        }
        return Gazetteer(phrases: summaries(own.phrases, phrases), words: summaries(own.words, words), beginnings: beginnings)
    }

    /// The gazetteer of all documents.
    func gazetteer() -> Gazetteer {
        func summaries(_ all: Table) -> [UInt64: UInt8] { all.mapValues { $0.summary(without: nil) }.filter { $0.value > 0 } }
        return Gazetteer(phrases: summaries(phrases), words: summaries(words), beginnings: beginnings)
    }
}
