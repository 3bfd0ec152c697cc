/// Every filter there is, by its name in templates.
enum Filter: String, CaseIterable, Sendable {
    // Texts.
    case append, capitalize, downcase, escape, lstrip, prepend, remove, replace, rstrip, split, strip, truncate
    case truncatewords, upcase
    /// Short for `escape`.
    case h
    case escapeOnce = "escape_once"
    case newlineToBr = "newline_to_br"
    case removeFirst = "remove_first"
    case removeLast = "remove_last"
    case replaceFirst = "replace_first"
    case replaceLast = "replace_last"
    case stripHTML = "strip_html"
    case stripNewlines = "strip_newlines"
    case urlDecode = "url_decode"
    case urlEncode = "url_encode"
    case base64Decode = "base64_decode"
    case base64Encode = "base64_encode"
    case base64URLSafeDecode = "base64_url_safe_decode"
    case base64URLSafeEncode = "base64_url_safe_encode"
    // Numbers.
    case abs, ceil, floor, minus, modulo, plus, round, times
    case atLeast = "at_least"
    case atMost = "at_most"
    case dividedBy = "divided_by"
    // Lists.
    case compact, concat, find, first, has, join, last, map, reject, reverse, size, slice, sort, sum, uniq, `where`
    case findIndex = "find_index"
    case sortNatural = "sort_natural"
    // Others.
    case date, `default`
    // Ground Truth's own.
    case grantReadAccess = "grant_read_access"
    case skipAutoescape = "skip_autoescape"
    case toJSON = "to_json"

    init?(name: String, dialect: Dialect) {
        self.init(rawValue: name)
        if isGroundTruthOnly, dialect != .groundTruth { return nil }
    }

    static func names(of dialect: Dialect) -> [String] {
        allCases.filter { dialect == .groundTruth || !$0.isGroundTruthOnly }.map(\.rawValue)
    }

    private var isGroundTruthOnly: Bool {
        switch self {
        case .grantReadAccess, .skipAutoescape, .toJSON: true
        default: false
        }
    }

    /// How many arguments it takes.
    private var argumentCounts: ClosedRange<Int> {
        switch self {
        case .append, .prepend, .remove, .removeFirst, .removeLast, .split, .concat, .map, .minus, .modulo, .plus, .times, .atLeast,
            .atMost, .dividedBy, .date:
            1...1
        case .replace, .replaceFirst, .find, .findIndex, .has, .reject, .where, .slice: 1...2
        case .replaceLast: 2...2
        case .truncate, .truncatewords: 0...2
        case .compact, .join, .round, .sort, .sortNatural, .sum, .uniq, .default: 0...1
        default: 0...0
        }
    }

    /// What is wrong with a call, as a sentence.
    func problem(argumentCount: Int, keywords: [String]) -> String? {
        if let keyword = keywords.first(where: { self != .default || $0 != "allow_false" }) {
            return "the filter `\(rawValue)` takes no argument `\(keyword)`"
        }
        let counts = argumentCounts
        guard !counts.contains(argumentCount) else { return nil }
        let expected =
            switch counts {
            case 0...0: "no argument"
            case _ where counts.count == 1: "\(counts.lowerBound) \(counts.lowerBound == 1 ? "argument" : "arguments")"
            default: "\(counts.lowerBound) to \(counts.upperBound) arguments"
            }
        return "the filter `\(rawValue)` takes \(expected), found \(argumentCount)"
    }
}
