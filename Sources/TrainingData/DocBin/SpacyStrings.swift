/// spaCy's numbers for strings: MurmurHash64A of the UTF-8 bytes with seed 1, but small fixed numbers for its own names.
///
/// The fixed names (attributes, flags, parts of speech, entity and dependency labels) are those of spaCy 3's symbol table; a string
/// under another number fails only when it is read (spaCy's error E084).
enum SpacyStrings {
    static func id(of string: String) -> UInt64 {
        if string.isEmpty { return 0 }
        let hash = murmurHash64A(string.utf8, seed: 1)
        return fixedIDs[hash] ?? hash
    }

    /// The string of a fixed number; `nil` for a hash. Number 0 is the empty string.
    static func fixedName(_ id: UInt64) -> String? { id < UInt64(fixedNames.count) ? fixedNames[Int(id)] : nil }

    /// By the hash that the name would have.
    private static let fixedIDs = Dictionary(
        uniqueKeysWithValues: fixedNames.enumerated().map { (murmurHash64A($1.utf8, seed: 1), UInt64($0)) })

    private static let fixedNames: [String] =
        [""]
        + words(
            """
            IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_PUNCT IS_SPACE IS_TITLE IS_UPPER LIKE_URL LIKE_NUM LIKE_EMAIL IS_STOP
            IS_OOV_DEPRECATED IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY
            """)
        + (19...63).map { "FLAG\($0)" }
        + words(
            """
            ID ORTH LOWER NORM SHAPE PREFIX SUFFIX LENGTH CLUSTER LEMMA POS TAG DEP ENT_IOB ENT_TYPE HEAD SENT_START SPACY PROB
            LANG ADJ ADP ADV AUX CONJ CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X EOL SPACE
            """)
        + (1...276).map { "DEPRECATED" + String(repeating: "0", count: 3 - "\($0)".utf8.count) + "\($0)" }
        + words(
            """
            PERSON NORP FACILITY ORG GPE LOC PRODUCT EVENT WORK_OF_ART LANGUAGE LAW DATE TIME PERCENT MONEY QUANTITY ORDINAL
            CARDINAL acomp advcl advmod agent amod appos attr aux auxpass cc ccomp complm conj cop csubj csubjpass dep det dobj
            expl hmod hyph infmod intj iobj mark meta neg nmod nn npadvmod nsubj nsubjpass num number oprd obj obl parataxis
            partmod pcomp pobj poss possessive preconj prep prt punct quantmod relcl rcmod root xcomp acl ENT_KB_ID MORPH ENT_ID
            IDX _
            """)

    private static func words(_ text: String) -> [String] { text.split(whereSeparator: \.isWhitespace).map(String.init) }
}
