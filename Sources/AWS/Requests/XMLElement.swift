/// An element of the small XML documents that S3, SNS and STS speak: names, texts and children; attributes are skipped.
///
/// Document types and entities beyond the five of XML are refused, and so are documents nested deeper than ``maximumDepth``.
package struct XMLElement: Hashable, Sendable {
    package static let maximumDepth = 32

    /// Without its namespace prefix.
    package let name: String
    /// The element's own text, its children's left out.
    package fileprivate(set) var text = ""
    package fileprivate(set) var children: [XMLElement] = []

    /// The first child of this name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// The first element of this name at any depth, in document order.
    package func first(_ name: String) -> XMLElement? {
        for child in children {
            if child.name == name { return child }
            if let found = child.first(name) { return found }
        }
        return nil
    }

    /// - Throws: ``AWSError`` `.badResponse`.
    package init(parsing bytes: [UInt8]) throws(AWSError) {
        var parser = XMLParser(bytes: bytes)
        self = try parser.document()
    }

    fileprivate init(name: String) { self.name = name }
}

private struct XMLParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(AWSError) -> XMLElement {
        // The open elements, outermost first.
        var open: [XMLElement] = []
        while let next = find(UInt8(ascii: "<")) {
            let text = try decoded(bytes[position..<next])
            if open.isEmpty { try check(text.utf8.allSatisfy { $0 <= 0x20 } || position == 0, "text outside the root") }
            if !open.isEmpty { open[open.count - 1].text += text }
            position = next
            if try skip("<?", to: "?>") { continue }
            if try skip("<!--", to: "-->") { continue }
            if let text = try cdata() {
                try check(!open.isEmpty, "text outside the root")
                open[open.count - 1].text += text
                continue
            }
            let (name, isEnd, isEmpty) = try tag()
            if isEnd {
                try check(open.last?.name == name, "</\(name)> ends another element")
            } else {
                try check(open.count < XMLElement.maximumDepth, "more than \(XMLElement.maximumDepth) levels")
                open.append(XMLElement(name: name))
            }
            guard isEnd || isEmpty else { continue }
            let element = open.removeLast()
            if open.isEmpty { return element }
            open[open.count - 1].children.append(element)
        }
        throw failure("the document ends before its root does")
    }

    /// Reads a start, end or empty tag; quoted attribute values may hold `>`.
    private mutating func tag() throws(AWSError) -> (name: String, isEnd: Bool, isEmpty: Bool) {
        position += 1
        let isEnd = position < bytes.count && bytes[position] == UInt8(ascii: "/")
        if isEnd { position += 1 }
        let start = position
        while position < bytes.count, bytes[position] > 0x20, bytes[position] != UInt8(ascii: "/"),
            bytes[position] != UInt8(ascii: ">")
        {
            position += 1
        }
        let qualified = String(decoding: bytes[start..<position], as: UTF8.self)
        try check(!qualified.isEmpty && !qualified.hasPrefix("!"), "a tag without a name, or a document type")
        var quote: UInt8?
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                let name = qualified.split(separator: ":").last.map { String($0) } ?? qualified
                return (name, isEnd, !isEnd && bytes[position - 2] == UInt8(ascii: "/"))
            }
        }
        throw failure("a tag without end")
    }

    private mutating func cdata() throws(AWSError) -> String? {
        let start = position + "<![CDATA[".utf8.count
        guard try skip("<![CDATA[", to: "]]>") else { return nil }
        return String(decoding: bytes[start..<position - "]]>".utf8.count], as: UTF8.self)
    }

    private mutating func skip(_ start: String, to end: String) throws(AWSError) -> Bool {
        guard bytes[position...].starts(with: start.utf8) else { return false }
        var candidate = position + start.utf8.count
        while candidate < bytes.count {
            if bytes[candidate...].starts(with: end.utf8) {
                position = candidate + end.utf8.count
                return true
            }
            candidate += 1
        }
        throw failure("`\(start)` without `\(end)`")
    }

    private func find(_ byte: UInt8) -> Int? { bytes[position...].firstIndex(of: byte) }

    private func decoded(_ raw: ArraySlice<UInt8>) throws(AWSError) -> String {
        guard raw.contains(UInt8(ascii: "&")) else { return String(decoding: raw, as: UTF8.self) }
        let parts = raw.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        var text = String(decoding: parts[0], as: UTF8.self)
        for part in parts.dropFirst() {
            guard let end = part.firstIndex(of: UInt8(ascii: ";")),
                let character = Self.character(String(decoding: part[..<end], as: UTF8.self))
            else { throw failure("an entity that XML does not have") }
            text.unicodeScalars.append(character)
            text += String(decoding: part[(end + 1)...], as: UTF8.self)
        }
        return text
    }

    private static func character(_ entity: String) -> Unicode.Scalar? {
        switch entity {
        case "lt": "<"
        case "gt": ">"
        case "amp": "&"
        case "quot": "\""
        case "apos": "'"
        case _ where entity.hasPrefix("#x"): UInt32(entity.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
        case _ where entity.hasPrefix("#"): UInt32(entity.dropFirst()).flatMap { Unicode.Scalar($0) }
        default: nil
        }
    }

    private func check(_ condition: Bool, _ problem: @autoclosure () -> String) throws(AWSError) {
        if !condition { throw failure(problem()) }
    }

    private func failure(_ problem: String) -> AWSError {
        AWSError(.badResponse, "the response is not the XML it must be: \(problem) (at byte \(position))")
    }
}
