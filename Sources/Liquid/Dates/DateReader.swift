/// Reads a date and time out of a text, in the forms people and machines write: `March 14, 2016`, `14 Mar 2016 10:30 pm`,
/// `2016-03-14T10:30:00+01:00`, `Mon, 14 Mar 2016 10:30:00 GMT`, `14/3/2016`, `20160314`, `10:30`.
///
/// What is not given above the first part given comes from the current time, what is not given below it is the first.
struct DateReader {
    /// Lower case; what is read is blanked.
    private var bytes: [UInt8]
    private var year: Int?
    private var month: Int?
    private var day: Int?
    private var dayOfYear: Int?
    private var hour: Int?
    private var minute = 0
    private var second = 0
    private var nanosecond = 0
    private var utcOffset: Int?
    private var zoneName = "UTC"

    /// - Parameter now: Seconds since 1970-01-01 00:00 UTC.
    /// - Returns: `nil` when there is no date in the text.
    static func read(_ text: String, now: Int) -> CivilTime? {
        // No date is longer.
        guard text.utf8.count <= 128 else { return nil }
        var reader = DateReader(bytes: Array(text.lowercased().utf8))
        reader.readTime()
        guard reader.readNamedMonth() || reader.readSeparated() || reader.readDigits() || reader.hour != nil else { return nil }
        return reader.time(now: now)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func time(now: Int) -> CivilTime? {
        let current = CivilTime(epochSeconds: now)
        var (year, month, day) = (self.year, self.month, self.day)
        if year == nil {
            year = current.year
            if month == nil {
                month = current.month
                if day == nil { day = current.day }
            }
        }
        guard let year, CivilTime.years.contains(year), (1...12).contains(month ?? 1), (1...31).contains(day ?? 1),
            (0...24).contains(hour ?? 0), minute < 60, second <= 60, hour != 24 || minute + second == 0
        else { return nil }
        var days = CivilTime.days(year: year, month: month ?? 1, day: day ?? 1)
        if let dayOfYear {
            guard (1...366).contains(dayOfYear) else { return nil }
            days = CivilTime.days(year: year, month: 1, day: 1) + dayOfYear - 1
        }
        let local = days * 86_400 + (hour ?? 0) * 3_600 + minute * 60 + second
        return CivilTime(
            epochSeconds: local - (utcOffset ?? 0), nanosecond: nanosecond, utcOffset: utcOffset ?? 0, zoneName: zoneName)
    }

    // MARK: Scanning

    private func number(at start: Int) -> (value: Int, end: Int)? {
        var end = start
        while end < bytes.count, bytes[end].isDigit { end += 1 }
        guard end > start, end - start <= 9 else { return nil }
        return (bytes[start..<end].reduce(0) { $0 * 10 + Int($1 - 0x30) }, end)
    }

    private func word(at start: Int) -> Range<Int>? {
        var end = start
        while end < bytes.count, bytes[end].isLetter { end += 1 }
        return end > start ? start..<end : nil
    }

    private func skip(_ start: Int, _ skipped: (UInt8) -> Bool) -> Int {
        var index = start
        while index < bytes.count, skipped(bytes[index]) { index += 1 }
        return index
    }

    private func isByte(_ index: Int, _ scalar: Unicode.Scalar) -> Bool {
        index < bytes.count && bytes[index] == UInt8(ascii: scalar)
    }

    private mutating func blank(_ range: Range<Int>) {
        for index in range { bytes[index] = 0x20 }
    }

    // MARK: Time of day

    /// Takes the time and its zone out of the text, so that its numbers are not taken for others.
    private mutating func readTime() {
        for start in bytes.indices where bytes[start].isDigit && (start == 0 || !bytes[start - 1].isDigit) {
            guard let (value, end) = number(at: start) else { continue }
            var position = end
            if isByte(end, ":"), let (minutes, minutesEnd) = number(at: end + 1) {
                // An hour of 25 is found here and refused at the end.
                minute = minutes
                position = minutesEnd
                if isByte(position, ":"), let (seconds, secondsEnd) = number(at: position + 1) {
                    second = seconds
                    position = readFraction(from: secondsEnd)
                }
                position = readHalf(value, from: position) ?? position
                hour = hour ?? value
            } else {
                guard let afterHalf = readHalf(value, from: end) else { continue }
                position = afterHalf
            }
            position = readZone(from: position)
            // The `t` between date and time.
            let isMarked = start > 1 && isByte(start - 1, "t") && bytes[start - 2].isDigit
            blank((isMarked ? start - 1 : start)..<position)
            return
        }
    }

    private mutating func readFraction(from start: Int) -> Int {
        guard isByte(start, ".") || isByte(start, ",") else { return start }
        let end = skip(start + 1) { $0.isDigit }
        let digits = bytes[(start + 1)..<end].prefix(9).map { Int($0 - 0x30) }
        nanosecond = (digits + [Int](repeating: 0, count: 9 - digits.count)).reduce(0) { $0 * 10 + $1 }
        return end
    }

    /// `am` or `pm`.
    private mutating func readHalf(_ value: Int, from start: Int) -> Int? {
        let index = skip(start) { $0 == 0x20 }
        guard let word = word(at: index), word.count == 2, bytes[word.upperBound - 1] == UInt8(ascii: "m"), value <= 12 else {
            return nil
        }
        switch bytes[index] {
        case UInt8(ascii: "a"): hour = value % 12
        case UInt8(ascii: "p"): hour = value % 12 + 12
        default: return nil
        }
        return word.upperBound
    }

    /// Hours east of UTC.
    private static let zones: [String: Int] = [
        "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "jst": 9,
    ]

    private mutating func readZone(from start: Int) -> Int {
        let index = skip(start) { $0 == 0x20 }
        if let word = word(at: index) {
            let name = String(decoding: bytes[word], as: UTF8.self)
            if ["z", "utc", "gmt"].contains(name) {
                utcOffset = 0
            } else if let hours = Self.zones[name] {
                utcOffset = hours * 3_600
                zoneName = ""
            } else {
                return start
            }
            return word.upperBound
        }
        guard isByte(index, "+") || isByte(index, "-"), let (value, end) = number(at: index + 1) else { return start }
        var (hours, minutes, last) = (value, 0, end)
        if end - index > 3 { (hours, minutes) = (value / 100, value % 100) }
        if isByte(end, ":"), let (more, moreEnd) = number(at: end + 1) { (minutes, last) = (more, moreEnd) }
        guard hours < 24, minutes < 60 else { return start }
        utcOffset = (isByte(index, "-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
        zoneName = ""
        return last
    }

    // MARK: Date

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    private func month(_ word: Range<Int>) -> Int? {
        Self.months.firstIndex(of: String(decoding: bytes[word].prefix(3), as: UTF8.self)).map { $0 + 1 }
    }

    /// `14 march 2016`, `march 14, 2016`, `mar 2016`, `march`.
    private mutating func readNamedMonth() -> Bool {
        var index = 0
        while index < bytes.count {
            guard let word = word(at: index) else {
                index += 1
                continue
            }
            index = word.upperBound
            guard let found = month(word) else { continue }
            month = found
            let before = numberBefore(word.lowerBound)
            let after = numberAfter(word.upperBound)
            if let before, before.value <= 31 {
                day = before.value
                year = after.map { Self.fullYear($0.value, digits: $0.digits) }
            } else if let before {
                year = before.value
                day = after?.value
            } else if let after, after.digits > 2 {
                year = after.value
            } else if let after {
                day = after.value
                year = numberAfter(after.end).map { Self.fullYear($0.value, digits: $0.digits) }
            }
            return true
        }
        return false
    }

    private func numberBefore(_ end: Int) -> (value: Int, digits: Int)? {
        var index = end
        while index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == UInt8(ascii: "-") || bytes[index - 1].isLetter {
            index -= 1
        }
        var start = index
        while start > 0, bytes[start - 1].isDigit { start -= 1 }
        return number(at: start).map { ($0.value, $0.end - start) }
    }

    private func numberAfter(_ start: Int) -> (value: Int, digits: Int, end: Int)? {
        let index = skip(start) { $0 == 0x20 || ",.-'/".utf8.contains($0) }
        guard let (value, end) = number(at: index) else { return nil }
        // The ending of an ordinal.
        return (value, end - index, skip(end) { $0.isLetter })
    }

    /// Two digits are a year from 1969 to 2068.
    private static func fullYear(_ value: Int, digits: Int) -> Int { digits > 2 ? value : value + (value >= 69 ? 1_900 : 2_000) }

    /// Numbers with `-`, `/` or `.` between them: year, month, day, or the day first when the year is last.
    private mutating func readSeparated() -> Bool {
        for start in bytes.indices where bytes[start].isDigit && (start == 0 || !bytes[start - 1].isDigit) {
            guard let (first, firstEnd) = number(at: start), firstEnd < bytes.count, "-/.".utf8.contains(bytes[firstEnd]),
                let (second, secondEnd) = number(at: firstEnd + 1)
            else { continue }
            let separator = bytes[firstEnd]
            guard secondEnd < bytes.count, bytes[secondEnd] == separator, let (third, thirdEnd) = number(at: secondEnd + 1) else {
                if separator == UInt8(ascii: "-"), firstEnd - start == 4, secondEnd - firstEnd == 4 {
                    (year, dayOfYear, month, day) = (first, second, 1, 1)
                    return true
                }
                guard separator == UInt8(ascii: "/"), firstEnd - start <= 2 else { return false }
                (month, day) = (first, second)
                return true
            }
            month = second
            if thirdEnd - secondEnd > 3, firstEnd - start <= 2 {
                (day, year) = (first, third)
            } else {
                (year, day) = (Self.fullYear(first, digits: firstEnd - start), third)
            }
            return true
        }
        return false
    }

    /// `20160314`, `20160314T101112`, `20160314101112`.
    private mutating func readDigits() -> Bool {
        let digits = bytes[skip(0) { !$0.isDigit }...].prefix { $0.isDigit }.map { Int($0 - 0x30) }
        func value(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        guard digits.count == 8 || digits.count == 12 || digits.count == 14 else { return false }
        (year, month, day) = (value(0..<4), value(4..<6), value(6..<8))
        var clock = Array(digits[8...])
        if clock.isEmpty {
            let after = skip(skip(0) { !$0.isDigit }) { $0.isDigit }
            if isByte(after, "t") { clock = bytes[(after + 1)...].prefix { $0.isDigit }.map { Int($0 - 0x30) } }
        }
        guard clock.count == 4 || clock.count == 6 else { return true }
        hour = clock[0] * 10 + clock[1]
        minute = clock[2] * 10 + clock[3]
        if clock.count == 6 { second = clock[4] * 10 + clock[5] }
        return true
    }
}
