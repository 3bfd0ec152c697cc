/// A date and a time of day in the proleptic Gregorian calendar, with its distance from UTC.
struct CivilTime {
    /// Seconds since 1970-01-01 00:00 UTC.
    let epochSeconds: Int
    let nanosecond: Int
    /// Seconds east of UTC.
    let utcOffset: Int
    /// `UTC`, or nothing where only the distance is known.
    let zoneName: String
    let year: Int
    let month: Int
    let day: Int

    init(epochSeconds: Int, nanosecond: Int = 0, utcOffset: Int = 0, zoneName: String = "UTC") {
        (self.epochSeconds, self.nanosecond, self.utcOffset, self.zoneName) = (epochSeconds, nanosecond, utcOffset, zoneName)
        (year, month, day) = Self.civil(fromDays: Self.floorDivide(epochSeconds + utcOffset, 86_400).quotient)
    }

    /// Years this far from ours are dates; beyond, they are mistakes.
    static let years = -9_999...99_999

    var dayNumber: Int { Self.floorDivide(epochSeconds + utcOffset, 86_400).quotient }
    private var secondOfDay: Int { Self.floorDivide(epochSeconds + utcOffset, 86_400).remainder }
    var hour: Int { secondOfDay / 3_600 }
    var minute: Int { secondOfDay / 60 % 60 }
    var second: Int { secondOfDay % 60 }
    /// From Sunday, 0.
    var weekday: Int { Self.floorDivide(dayNumber + 4, 7).remainder }
    /// From 1.
    var dayOfYear: Int { dayNumber - Self.days(year: year, month: 1, day: 1) + 1 }

    /// Week and year as ISO 8601 counts them: from Monday, and week 1 has the year's first Thursday.
    var isoWeek: (year: Int, week: Int) {
        let thursday = dayNumber - (weekday + 6) % 7 + 3
        let year = Self.civil(fromDays: thursday).year
        return (year, (thursday - Self.days(year: year, month: 1, day: 1)) / 7 + 1)
    }

    /// Week of the year, from 0, when weeks begin on this weekday.
    func week(from firstWeekday: Int) -> Int { (dayOfYear + 6 - (weekday - firstWeekday + 7) % 7) / 7 }

    /// Days since 1970-01-01; a day beyond its month's end runs into the next.
    static func days(year: Int, month: Int, day: Int) -> Int {
        // Years are counted from March, so that the leap day is the last one; 400 of them have 146,097 days.
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = floorDivide(shifted, 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    static func floorDivide(_ value: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
