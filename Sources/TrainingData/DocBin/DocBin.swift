import Algorithms
import Annotations

/// A file of spaCy's training format, in the making or read: a zlib stream of one MessagePack map (spaCy 3, `DocBin` version 0.1).
///
/// `tokens` is a table of little-endian 64-bit numbers, a row a token and a column an attribute.
struct DocBin {
    /// The columns that are written: ORTH, ENT_IOB, ENT_TYPE, SENT_START.
    static let attributes = [65, 77, 78, 80]
    /// spaCy's default name of the group of spans that its span categorizer learns from.
    static let spanGroup = "sc"

    /// A token's mark for entities (ENT_IOB).
    enum EntityMark { static let inside: UInt64 = 1, outside: UInt64 = 2, begin: UInt64 = 3 }

    private(set) var tokenCount = 0
    private var tokens: [UInt8] = []
    private var spaces: [UInt8] = []
    private var lengths: [UInt8] = []
    private var strings: [String] = []
    private var seen: Set<UInt64> = []
    private var spanGroups: [MessagePack] = []
    private var userData: [MessagePack] = []

    var documentCount: Int { userData.count }

    mutating func add(
        id: String, text: DocumentText, words: SpacyWords, entities: [TokenRange], group: [TokenRange]?,
        sentences: [Range<ScalarOffset>]?
    ) {
        var marks = Array(repeating: (EntityMark.outside, UInt64(0)), count: words.ranges.count)
        for entity in entities {
            let type = add(entity.label.name)
            for index in entity.first..<entity.end {
                marks[index] = (index == entity.first ? EntityMark.begin : EntityMark.inside, type)
            }
        }
        let sentenceStarts = Set(
            (sentences ?? []).map { sentence in
                words.ranges.partitioningIndex { $0.lowerBound >= sentence.lowerBound }
            })
        for (index, range) in words.ranges.enumerated() {
            tokens.append(littleEndian: add(text.slice(range)))
            tokens.append(littleEndian: marks[index].0)
            tokens.append(littleEndian: marks[index].1)
            // 1 begins a sentence, -1 does not, 0 is not known.
            let start: Int64 = sentences == nil ? 0 : sentenceStarts.contains(index) || index == 0 ? 1 : -1
            tokens.append(littleEndian: start)
            spaces.append(words.isFollowedBySpace[index] ? 1 : 0)
        }
        tokenCount += words.ranges.count
        lengths.append(littleEndian: Int32(words.ranges.count))
        spanGroups.append(.binary(group.map { spanGroup($0, words: words) } ?? []))
        userData.append(.binary(MessagePack.map([(.string("id"), .string(id))]).bytes))
    }

    /// - Returns: The string's number.
    private mutating func add(_ string: String) -> UInt64 {
        let id = SpacyStrings.id(of: string)
        if seen.insert(id).inserted { strings.append(string) }
        return id
    }

    /// Groups by name, each with its spans as records of 40 bytes, big-endian.
    private mutating func spanGroup(_ spans: [TokenRange], words: SpacyWords) -> [UInt8] {
        let records: [MessagePack] = spans.map { span in
            var record: [UInt8] = []
            record.append(bigEndian: UInt64(0))
            record.append(bigEndian: UInt64(0))
            record.append(bigEndian: add(span.label.name))
            record.append(bigEndian: Int32(span.first))
            record.append(bigEndian: Int32(span.end))
            record.append(bigEndian: Int32(words.ranges[span.first].lowerBound.rawValue))
            record.append(bigEndian: Int32(words.ranges[span.end - 1].upperBound.rawValue))
            return .binary(record)
        }
        let group = MessagePack.map([
            (.string("name"), .string(Self.spanGroup)), (.string("attrs"), .map([])), (.string("spans"), .array(records)),
        ])
        return MessagePack.map([(.binary(group.bytes), .array([.string(Self.spanGroup)]))]).bytes
    }

    /// The file.
    var bytes: [UInt8] { Zlib.compress(message) }

    /// What is compressed.
    var message: [UInt8] {
        let sorted = strings.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let flags = MessagePack.map([(.string("has_unknown_spaces"), .bool(false))])
        return MessagePack.map([
            (.string("version"), .string("0.1")),
            (.string("attrs"), .array(Self.attributes.map { .int(Int64($0)) })),
            (.string("tokens"), .binary(tokens)),
            (.string("spaces"), .binary(spaces)),
            (.string("lengths"), .binary(lengths)),
            (.string("strings"), .array(sorted.map { .string($0) })),
            (.string("cats"), .array(Array(repeating: .map([]), count: documentCount))),
            (.string("flags"), .array(Array(repeating: flags, count: documentCount))),
            (.string("span_groups"), .array(spanGroups)),
            (.string("user_data"), .array(userData)),
        ]).bytes
    }
}

/// A text cut as spaCy keeps it: every scalar lies in a word, but for single spaces between words.
///
/// A space after a word is the word's; any white space beyond that is a word of its own.
struct SpacyWords {
    private(set) var ranges: [Range<ScalarOffset>] = []
    private(set) var isFollowedBySpace: [Bool] = []

    init(_ text: DocumentText, tokens: [Range<ScalarOffset>]) {
        var position = ScalarOffset(0)
        for token in tokens + [ScalarOffset(text.scalarCount)..<ScalarOffset(text.scalarCount)] {
            if position < token.lowerBound {
                if let last = isFollowedBySpace.indices.last, text.bytes[text.byteOffset(position)] == 0x20 {
                    isFollowedBySpace[last] = true
                    position = ScalarOffset(position.rawValue + 1)
                }
                if position < token.lowerBound { append(position..<token.lowerBound) }
            }
            if !token.isEmpty { append(token) }
            position = token.upperBound
        }
    }

    private mutating func append(_ range: Range<ScalarOffset>) {
        ranges.append(range)
        isFollowedBySpace.append(false)
    }
}
