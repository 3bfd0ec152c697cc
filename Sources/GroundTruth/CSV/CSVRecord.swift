import Annotations

/// A record of a CSV file (RFC 4180): fields parted by commas, quoted where they hold commas, quotes or line breaks.
package struct CSVRecord: Equatable, Sendable {
    /// The line on which the record starts, from 1.
    package let line: Int
    package let fields: [String]

    package struct ParseError: Error, CustomStringConvertible {
        package let line: Int
        package let message: String
        package var description: String { "\(line): \(message)" }
    }

    /// Blank lines are skipped, a byte order mark too.
    package static func list(parsing bytes: [UInt8]) throws(ParseError) -> [CSVRecord] {
        if let position = firstInvalidUTF8Byte(in: bytes) {
            throw ParseError(line: bytes[..<position].count { $0 == 0x0A } + 1, message: "not UTF-8")
        }
        let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var records: [CSVRecord] = []
        var fields: [String] = []
        var field: [UInt8] = []
        var (line, startLine) = (1, 1)
        var isQuoted = false
        var wasQuoted = false
        func endField() {
            fields.append(String(decoding: field, as: UTF8.self))
            (field, wasQuoted) = ([], false)
        }
        func endRecord() {
            if !(fields.isEmpty && field.isEmpty && !wasQuoted) {
                endField()
                records.append(CSVRecord(line: startLine, fields: fields))
            }
            (fields, startLine) = ([], line)
        }
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            let next = index + 1 < rest.endIndex ? rest[index + 1] : nil
            if byte == 0x0A { line += 1 }
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && next == byte:
                field.append(byte)
                index += 1
            case UInt8(ascii: "\"") where isQuoted: isQuoted = false
            case _ where isQuoted: field.append(byte)
            case UInt8(ascii: "\"") where field.isEmpty && !wasQuoted: (isQuoted, wasQuoted) = (true, true)
            case UInt8(ascii: "\""): throw ParseError(line: line, message: "a quote inside a field that does not start with one")
            case UInt8(ascii: ","): endField()
            case 0x0A: endRecord()
            case 0x0D where next == 0x0A: break
            case _ where wasQuoted: throw ParseError(line: line, message: "text after the quote that closes a field")
            default: field.append(byte)
            }
            index += 1
        }
        guard !isQuoted else { throw ParseError(line: startLine, message: "a quote that is not closed") }
        endRecord()
        return records
    }
}
