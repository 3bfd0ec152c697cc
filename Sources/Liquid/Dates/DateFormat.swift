/// Writes a time by a format with the directives of Ruby's `strftime`: flags `- 0 ^ # _`, a width, and a letter.
struct DateFormat {
    private let time: CivilTime

    init(_ time: CivilTime) { self.time = time }

    /// Wider fields are refused.
    private static let maximumWidth = 1_024

    private struct Directive {
        var padding: Unicode.Scalar?
        var isUppercased = false
        var hasSwappedCase = false
        var colons = 0
        var width: Int?
    }

    /// - Parameter builder: Collects the text up to its limit.
    func write(_ format: String, to builder: inout TextBuilder) throws(LiquidError) {
        var rest = Substring(format).unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                try builder.append(String(scalar).utf8)
                continue
            }
            let whole = rest
            var directive = Directive()
            try Self.readFlags(&directive, from: &rest)
            guard let letter = rest.popFirst() else {
                throw LiquidError(.argument, "the format of `date` ends inside a directive; write `%%` for a percent sign")
            }
            guard let text = try text(for: letter, directive) else {
                // No directive: it stays as it is.
                rest = whole
                try builder.append("%".utf8)
                continue
            }
            try builder.append(text.utf8)
        }
    }

    private static func readFlags(_ directive: inout Directive, from rest: inout Substring.UnicodeScalarView) throws(LiquidError) {
        while let flag = rest.first {
            switch flag {
            case "-", "0", "_": directive.padding = flag
            case "^": directive.isUppercased = true
            case "#": directive.hasSwappedCase = true
            case ":": directive.colons += 1
            case "1"..."9":
                var width = 0
                while let digit = rest.first, ("0"..."9").contains(digit) {
                    width = width * 10 + Int(digit.value - 0x30)
                    rest.removeFirst()
                    guard width <= maximumWidth else {
                        throw LiquidError(.limit, "a field of a date is wider than \(maximumWidth)")
                    }
                }
                directive.width = width
                continue
            default: return
            }
            rest.removeFirst()
        }
    }

    private static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    /// What a directive prints; `nil` when there is no such directive.
    private func text(for letter: Unicode.Scalar, _ directive: Directive) throws(LiquidError) -> String? {
        func number(_ value: Int, _ digits: Int, padding: Unicode.Scalar = "0") -> String {
            Self.padded(value, digits: digits, padding: padding, directive)
        }
        switch letter {
        case "Y": return number(time.year, time.year < 0 ? 5 : 4)
        case "C": return number(CivilTime.floorDivide(time.year, 100).quotient, 2)
        case "y": return number(CivilTime.floorDivide(time.year, 100).remainder, 2)
        case "m": return number(time.month, 2)
        case "d": return number(time.day, 2)
        case "e": return number(time.day, 2, padding: "_")
        case "j": return number(time.dayOfYear, 3)
        case "H": return number(time.hour, 2)
        case "k": return number(time.hour, 2, padding: "_")
        case "I": return number((time.hour + 11) % 12 + 1, 2)
        case "l": return number((time.hour + 11) % 12 + 1, 2, padding: "_")
        case "M": return number(time.minute, 2)
        case "S": return number(time.second, 2)
        case "L": return fraction(digits: directive.width ?? 3)
        case "N": return fraction(digits: directive.width ?? 9)
        case "s": return number(time.epochSeconds, 1)
        case "u": return number((time.weekday + 6) % 7 + 1, 1)
        case "w": return number(time.weekday, 1)
        case "G": return number(time.isoWeek.year, 4)
        case "g": return number(CivilTime.floorDivide(time.isoWeek.year, 100).remainder, 2)
        case "V": return number(time.isoWeek.week, 2)
        case "U": return number(time.week(from: 0), 2)
        case "W": return number(time.week(from: 1), 2)
        case "z": return offset(directive)
        case "Z": return Self.styled(time.zoneName, directive, swapped: time.zoneName.lowercased())
        case "A": return Self.styled(Self.dayNames[time.weekday], directive)
        case "a": return Self.styled(String(Self.dayNames[time.weekday].prefix(3)), directive)
        case "B": return Self.styled(Self.monthNames[time.month - 1], directive)
        case "b", "h": return Self.styled(String(Self.monthNames[time.month - 1].prefix(3)), directive)
        case "p": return Self.styled(time.hour < 12 ? "AM" : "PM", directive, swapped: time.hour < 12 ? "am" : "pm")
        case "P": return Self.styled(time.hour < 12 ? "am" : "pm", directive)
        case "n": return Self.styled("\n", directive)
        case "t": return Self.styled("\t", directive)
        case "%": return Self.styled("%", directive)
        case "c": return Self.styled(try formatted("%a %b %e %H:%M:%S %Y"), directive)
        case "D", "x": return Self.styled(try formatted("%m/%d/%y"), directive)
        case "F": return Self.styled(try formatted("%Y-%m-%d"), directive)
        case "v": return Self.styled(try formatted("%e-%^b-%Y"), directive)
        case "r": return Self.styled(try formatted("%I:%M:%S %p"), directive)
        case "R": return Self.styled(try formatted("%H:%M"), directive)
        case "T", "X": return Self.styled(try formatted("%H:%M:%S"), directive)
        default: return nil
        }
    }

    private func formatted(_ format: String) throws(LiquidError) -> String {
        var builder = TextBuilder(limit: Self.maximumWidth, total: Self.maximumWidth)
        try write(format, to: &builder)
        return String(decoding: builder.bytes, as: UTF8.self)
    }

    // MARK: Fields

    private static func padded(_ value: Int, digits: Int, padding: Unicode.Scalar, _ directive: Directive) -> String {
        let text = String(value.magnitude)
        let sign = value < 0 ? "-" : ""
        let style = directive.padding ?? padding
        if style == "-" { return sign + text }
        let missing = max(0, (directive.width ?? digits) - text.utf8.count - sign.utf8.count)
        if style == "_" { return String(repeating: " ", count: missing) + sign + text }
        return sign + String(repeating: "0", count: missing) + text
    }

    /// A word, right-aligned in its width. `#` prints names in capitals, and what is capitals already in small letters.
    private static func styled(_ word: String, _ directive: Directive, swapped: String? = nil) -> String {
        var text = word
        if directive.hasSwappedCase {
            text = swapped ?? word.uppercased()
        } else if directive.isUppercased {
            text = word.uppercased()
        }
        guard directive.padding != "-", let width = directive.width else { return text }
        let missing = max(0, width - text.utf8.count)
        return String(repeating: directive.padding == "0" ? "0" : " ", count: missing) + text
    }

    private func fraction(digits: Int) -> String {
        let nanoseconds = String(time.nanosecond)
        let nine = String(repeating: "0", count: 9 - nanoseconds.utf8.count) + nanoseconds
        return digits <= 9 ? String(nine.prefix(digits)) : nine + String(repeating: "0", count: digits - 9)
    }

    private func offset(_ directive: Directive) -> String {
        let magnitude = Int(time.utcOffset.magnitude)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let parts = [two(magnitude / 3_600), two(magnitude / 60 % 60), two(magnitude % 60)]
        let text =
            switch directive.colons {
            case 0: parts[0] + parts[1]
            case 1: parts[0] + ":" + parts[1]
            default: parts.joined(separator: ":")
            }
        let missing = max(0, (directive.width ?? 0) - text.utf8.count - 1)
        return (time.utcOffset < 0 ? "-" : "+") + String(repeating: "0", count: missing) + text
    }
}

extension Renderer {
    /// A date in another form: integers and texts of digits are seconds since 1970, other texts are read. What is no date, or an empty
    /// format, leaves the value as it is.
    mutating func date(_ value: LiquidValue, format: LiquidValue) throws(LiquidError) -> LiquidValue {
        let format = try text(format)
        guard !format.isEmpty, let time = Self.time(value, now: surroundings.now) else { return value }
        var builder = makeBuilder()
        try DateFormat(time).write(format, to: &builder)
        return try made(builder.bytes)
    }

    private static func time(_ value: LiquidValue, now: () -> Int) -> CivilTime? {
        let latest = CivilTime.years.upperBound * 366 * 86_400
        switch value {
        case .integer(let seconds): return seconds.magnitude < UInt(latest) ? CivilTime(epochSeconds: seconds) : nil
        default:
            guard let text = value.string, !text.isEmpty else { return nil }
            if text.utf8.allSatisfy(\.isDigit) {
                return Int(text).flatMap { $0 < latest ? CivilTime(epochSeconds: $0) : nil }
            }
            if ["now", "today"].contains(text.lowercased()) { return CivilTime(epochSeconds: now()) }
            return DateReader.read(text, now: now())
        }
    }
}
