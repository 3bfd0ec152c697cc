import Annotations
import GroundTruth

extension JSONValue {
    /// The value written in a test.
    static func parsed(_ text: String) throws(JSONError) -> JSONValue { try JSONScanner.parse(Array(text.utf8)) }

    var written: String { String(decoding: raw, as: UTF8.self) }
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}

/// All lines of a text, by a splitter that is fed pieces of a given size.
func lines(of bytes: [UInt8], pieces size: Int) -> [LineSplitter.Line] {
    var splitter = LineSplitter()
    var lines: [LineSplitter.Line] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        lines += splitter.append(bytes[start..<min(start + size, bytes.count)])
    }
    if let last = splitter.finish() { lines.append(last) }
    return lines
}
