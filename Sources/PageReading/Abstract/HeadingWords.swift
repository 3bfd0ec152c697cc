/// The words that begin an abstract and those that end it, in the larger European languages.
enum HeadingWords {
    /// What is printed over an abstract or before its first word.
    static let abstract: Set<String> = [
        "abstract", "summary", "synopsis",
        "zusammenfassung", "kurzfassung", "résumé", "resume", "sommaire", "resumen", "riassunto", "sommario", "resumo",
        "samenvatting", "sammanfattning", "sammandrag", "sammendrag", "resumé", "tiivistelmä", "streszczenie", "abstrakt",
        "abstrakti", "összefoglaló", "kivonat", "rezumat", "sažetak", "povzetek", "souhrn", "özet", "аннотация", "реферат",
        "резюме", "анотація", "περίληψη",
    ]

    /// What follows an abstract at the start of a line, most often with a colon or a dash.
    private static let followers: Set<String> = [
        "keywords", "keyword", "indexterms", "generalterms", "categoriesandsubjectdescriptors", "ccsconcepts",
        "subjectclassification",
        "mathematicssubjectclassification", "pacs", "msc", "jelclassification", "jelcodes", "abbreviations", "nomenclature",
        "highlights",
        "graphicalabstract", "introduction", "contents", "tableofcontents", "acmreferenceformat", "howtocite", "citation",
        "authorsummary",
        "correspondence", "correspondingauthor", "openaccess", "received", "schlüsselwörter", "schlagwörter", "stichwörter",
        "einleitung",
        "motsclés", "motsclefs", "palabrasclave", "introducción", "parolechiave", "introduzione", "palavraschave", "introdução",
        "trefwoorden",
        "sleutelwoorden", "inleiding", "nyckelord", "inledning", "nøkkelord", "nøgleord", "avainsanat", "asiasanat", "johdanto",
        "słowakluczowe", "wstęp", "kulcsszavak", "bevezetés", "cuvintecheie", "ključneriječi", "ključnebesede", "klíčováslova",
        "úvod",
        "anahtarkelimeler", "giriş", "ключевыеслова", "введение", "ключовіслова", "вступ", "λέξειςκλειδιά", "εισαγωγή",
    ]
    /// Followers that stand nowhere but right after an abstract.
    private static let keywords: Set<String> = [
        "keywords", "keyword", "indexterms", "ccsconcepts", "pacs", "schlüsselwörter", "schlagwörter", "stichwörter", "motsclés",
        "motsclefs",
        "palabrasclave", "parolechiave", "palavraschave", "trefwoorden", "sleutelwoorden", "nyckelord", "nøkkelord", "nøgleord",
        "avainsanat",
        "asiasanat", "słowakluczowe", "kulcsszavak", "cuvintecheie", "ključneriječi", "ključnebesede", "klíčováslova",
        "anahtarkelimeler",
        "ключевыеслова", "ключовіслова", "λέξειςκλειδιά",
    ]
    /// Headings of first sections that are no followers, because structured abstracts use them, too.
    private static let firstSections: Set<String> = ["background", "hintergrund", "contexte", "antecedentes"]

    private static let longestFollowerWords = 4

    /// The number of words at the start of a line that are an abstract's heading; 0 when it begins with none.
    ///
    /// `A B S T R A C T`, `ABSTRACT—We`, `Abstract:` and one wrong letter in a long word are recognised. A heading word that
    /// simply begins a sentence (`Summary statistics are`) is not a heading.
    static func abstractHeadingLength(of words: [String]) -> (words: Int, charactersOfNext: Int) {
        guard let first = words.first else { return (0, 0) }
        if first.count == 1 {
            // Letter-spaced: letters are put together until they make a heading.
            var letters = ""
            for (index, word) in words.enumerated() where word.count <= 2 {
                letters += word
                if isHeading(folded(letters)) { return (index + 1, 0) }
            }
            return (0, 0)
        }
        // A dash joins the heading to the first word of the text.
        if let dash = first.firstIndex(where: { "—–:.-".contains($0) }), isHeading(folded(String(first[..<dash]))) {
            let rest = first[dash...].drop { "—–:.-".contains($0) }
            return rest.isEmpty ? (1, 0) : (0, first.count - rest.count)
        }
        guard isHeading(folded(first)) else { return (0, 0) }
        guard words.count > 1 else { return (1, 0) }
        let next = words[1]
        if let character = next.first, "—–:.-".contains(character) {
            return next.allSatisfy { "—–:.-".contains($0) } ? (2, 0) : (1, next.prefix { "—–:.-".contains($0) }.count)
        }
        let isSetOff = first.last.map { !$0.isLetter } ?? false
        return isSetOff || next.first?.isLowercase != true || first == first.uppercased() ? (1, 0) : (0, 0)
    }

    /// Whether a heading is over abstracts only; `Summary` and the like are over last sections, too.
    static func isUnmistakable(_ heading: String) -> Bool {
        let letters = folded(heading)
        return letters.hasPrefix("abstra") || isSimilar(String(letters.prefix(8)), toOneOf: ["abstract"])
    }

    static func beginsAbstract(_ words: [String]) -> Bool { abstractHeadingLength(of: words) != (0, 0) }

    /// The heading that ends an abstract at the start of a line, or `nil`.
    static func follower(at words: [String]) -> String? {
        guard let first = words.first else { return nil }
        var joined = ""
        for (index, word) in words.prefix(longestFollowerWords).enumerated() {
            joined += folded(word)
            let isSetOff = word.last.map { ":—–.-".contains($0) } ?? false
            if followers.contains(joined) || Self.isSimilar(joined, toOneOf: ["keywords", "introduction", "indexterms"]) {
                // A sentence may begin with one of these words; a heading is alone, set off or followed by a capital.
                let next = words.dropFirst(index + 1).first
                if isSetOff || next == nil || next?.first?.isLowercase != true || joined.hasPrefix("keyword") { return joined }
            }
            // `Keywords—ocean` arrives as one word.
            if let dash = word.firstIndex(where: { "—–:".contains($0) }) {
                let head = joined.prefix(joined.count - folded(String(word[dash...])).count)
                if followers.contains(String(head)) { return String(head) }
            }
        }
        return isFirstSection(first, words.dropFirst().first) ? "section 1" : nil
    }

    static func isPartOfFrontMatter(_ follower: String) -> Bool { keywords.contains(follower) }

    /// Whether a line is the heading of a paper's first section.
    static func beginsText(_ words: [String]) -> Bool { words.count <= 2 && firstSections.contains(folded(words.joined())) }

    /// `1 Introduction`, `1. Aims`, `I. INTRODUCTION`.
    private static func isFirstSection(_ number: String, _ title: String?) -> Bool {
        guard ["1", "1.", "I.", "0", "0.", "§1", "1)"].contains(number), let title, title.count >= 3 else { return false }
        return title.first?.isUppercase == true && title.allSatisfy { $0.isLetter || $0 == "-" }
    }

    private static func isHeading(_ word: String) -> Bool {
        abstract.contains(word) || isSimilar(word, toOneOf: ["abstract", "zusammenfassung"])
    }

    /// Lower-case letters only.
    static func folded(_ word: String) -> String { word.lowercased().filter(\.isLetter) }

    /// Same length, one letter different: how a blurred heading is misread.
    private static func isSimilar(_ word: String, toOneOf candidates: [String]) -> Bool {
        candidates.contains { candidate in
            candidate.count == word.count && zip(candidate, word).count(where: { $0 != $1 }) <= 1
        }
    }
}
