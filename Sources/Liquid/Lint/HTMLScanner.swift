/// A tag of an HTML document, as far as lint needs it.
struct HTMLTag {
    /// Lower case.
    let name: String
    let isEnd: Bool
    /// Names in lower case; the first of a name counts.
    let attributes: [(name: String, value: String)]
    let offset: Int

    subscript(attribute: String) -> String? { attributes.first { $0.name == attribute }?.value }
}

/// Finds tags, and what stands in scripts and styles, where text is not HTML. Forgiving like a browser.
struct HTMLScanner {
    private let html: [UInt8]
    private var position = 0
    private(set) var tags: [HTMLTag] = []
    /// Contents of `script` and `style` elements, by name.
    private(set) var rawTexts: [(name: String, range: Range<Int>)] = []

    init(_ html: [UInt8]) {
        self.html = html
        scan()
    }

    private mutating func scan() {
        while let open = html[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = open + 1
            if html[position...].starts(with: "!--".utf8) {
                position = ByteSearch("-->".utf8).firstIndex(in: html, from: position + 3).map { $0 + 3 } ?? html.count
                continue
            }
            let isEnd = position < html.count && html[position] == UInt8(ascii: "/")
            if isEnd { position += 1 }
            guard position < html.count, html[position].isLetter else { continue }
            let name = takeName()
            let attributes = takeAttributes()
            tags.append(HTMLTag(name: name, isEnd: isEnd, attributes: attributes, offset: open))
            if !isEnd, name == "script" || name == "style" { takeRawText(name) }
        }
    }

    private mutating func takeRawText(_ name: String) {
        let start = position
        while let close = html[position...].firstIndex(of: UInt8(ascii: "<")) {
            let rest = html[(close + 1)...].prefix(name.utf8.count + 1)
            if lowercased(rest) == "/" + name {
                rawTexts.append((name, start..<close))
                position = close
                return
            }
            position = close + 1
        }
        rawTexts.append((name, start..<html.count))
        position = html.count
    }

    private func lowercased(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self).lowercased() }

    private mutating func takeName() -> String {
        let start = position
        while position < html.count, !html[position].isWhiteSpace, !"/>=".utf8.contains(html[position]) { position += 1 }
        return lowercased(html[start..<position])
    }

    /// Up to and with the `>`.
    private mutating func takeAttributes() -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        while position < html.count {
            let byte = html[position]
            if byte == UInt8(ascii: ">") {
                position += 1
                break
            }
            guard !byte.isWhiteSpace, byte != UInt8(ascii: "/"), byte != UInt8(ascii: "=") else {
                position += 1
                continue
            }
            let name = takeName()
            skipWhiteSpace()
            guard position < html.count, html[position] == UInt8(ascii: "=") else {
                attributes.append((name, ""))
                continue
            }
            position += 1
            skipWhiteSpace()
            attributes.append((name, takeValue()))
        }
        return attributes
    }

    private mutating func skipWhiteSpace() {
        while position < html.count, html[position].isWhiteSpace { position += 1 }
    }

    private mutating func takeValue() -> String {
        guard position < html.count else { return "" }
        let quote = html[position]
        let start: Int
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            start = position + 1
            position = html[start...].firstIndex(of: quote) ?? html.count
        } else {
            start = position
            while position < html.count, !html[position].isWhiteSpace, html[position] != UInt8(ascii: ">") { position += 1 }
            return String(decoding: html[start..<position], as: UTF8.self)
        }
        let value = String(decoding: html[start..<position], as: UTF8.self)
        position = min(position + 1, html.count)
        return value
    }
}
