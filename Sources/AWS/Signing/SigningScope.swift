import Crypto
package import FoundationEssentials

/// What a signature is good for: a time, a region and a service.
package struct SigningScope: Hashable, Sendable {
    /// `YYYYMMDD'T'HHMMSS'Z'`, UTC.
    package let timestamp: String
    package let region: String
    package let service: String

    package static let algorithm = "AWS4-HMAC-SHA256"

    package init(timestamp: String, region: String, service: String) {
        (self.timestamp, self.region, self.service) = (timestamp, region, service)
    }

    package init(time: Date, region: String, service: String) {
        self.init(timestamp: Self.timestamp(time), region: region, service: service)
    }

    package var date: String { String(timestamp.prefix(8)) }
    /// As in `Credential`, after the key id.
    package var text: String { "\(date)/\(region)/\(service)/aws4_request" }

    package func stringToSign(_ request: CanonicalRequest) -> String {
        let hash = hexadecimal(SHA256.hash(data: Array(request.text.utf8)))
        return "\(Self.algorithm)\n\(timestamp)\n\(text)\n\(hash)"
    }

    /// - Returns: 64 lower-case hexadecimal digits.
    package func signature(_ request: CanonicalRequest, secretAccessKey: Secret) -> String {
        var key = SymmetricKey(data: Array("AWS4\(secretAccessKey.value)".utf8))
        for part in [date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        return hexadecimal(HMAC<SHA256>.authenticationCode(for: Array(stringToSign(request).utf8), using: key))
    }

    static func timestamp(_ time: Date) -> String {
        let seconds = Int(time.timeIntervalSince1970.rounded(.down))
        let (days, secondOfDay) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civil(daysSinceEpoch: days)
        func digits(_ number: Int, _ count: Int) -> String {
            let text = "\(number)"
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        let clock = [secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60].map { digits($0, 2) }.joined()
        return digits(year, 4) + digits(month, 2) + digits(day, 2) + "T\(clock)Z"
    }

    /// Date in the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days), for times after
    /// 1970.
    private static func civil(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

/// Bytes in lower-case hexadecimal.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0\(digits)" : digits
    }.joined()
}

/// - Returns: `nil` for what is not pairs of hexadecimal digits.
package func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    let values = digits.compactMap(\.self)
    return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
