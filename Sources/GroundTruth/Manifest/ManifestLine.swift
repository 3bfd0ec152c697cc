/// One line of an augmented manifest: a JSON object whose members keep their bytes (contracts section 3).
package struct ManifestLine: Sendable {
    package let value: JSONValue
    package let members: [JSONValue.Member]

    /// The line as read, without its line end.
    package var raw: ArraySlice<UInt8> { value.raw }

    /// - Throws: ``ManifestError`` `.notJSON`, `.pythonQuoting` or `.notAnObject`.
    package init(parsing line: some Collection<UInt8>) throws(ManifestError) {
        let value: JSONValue
        do {
            value = try JSONScanner.parse(line)
        } catch {
            if (try? PythonLiteral.json(from: line)) != nil {
                throw ManifestError(
                    .pythonQuoting,
                    "a Python dict, not JSON; `prelabel manifest validate FILE --repair OUT` rewrites it")
            }
            throw ManifestError(.notJSON, "\(error)")
        }
        guard let members = value.object else {
            throw ManifestError(.notAnObject, "expected a JSON object, found \(value.kindName)")
        }
        (self.value, self.members) = (value, members)
    }

    /// - Precondition: `value` is an object.
    package init(_ value: JSONValue) {
        guard let members = value.object else { preconditionFailure("a manifest line is an object, found \(value.kindName)") }
        (self.value, self.members) = (value, members)
    }

    /// The value under a key, the last one where the key stands twice.
    package subscript(key: String) -> JSONValue? { value[key] }

    package func string(_ key: String) -> String? { self[key]?.string }

    /// The line with some keys set: what it held under them goes, every other member stays byte for byte where it was, and the new
    /// members follow, sorted by key.
    package func setting(_ additions: [String: JSONOutput]) -> [UInt8] {
        var kept: [UInt8]
        let stays = members.filter { additions[$0.key] == nil }
        if stays.count == members.count {
            kept = Array(raw.dropLast())
            while let last = kept.last, last == 0x20 || last == 0x09 { kept.removeLast() }
        } else {
            kept = [UInt8(ascii: "{")]
            for (index, member) in stays.enumerated() {
                if index > 0 { kept.append(UInt8(ascii: ",")) }
                kept += member.raw
            }
        }
        var needsComma = !stays.isEmpty
        for (key, value) in additions.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if needsComma { kept.append(UInt8(ascii: ",")) }
            JSONOutput.writeMember(key: key, value, to: &kept)
            needsComma = true
        }
        kept.append(UInt8(ascii: "}"))
        return kept
    }
}

/// A manifest line that cannot be read.
package struct ManifestError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case notJSON = "not-json"
        case pythonQuoting = "python-quoting"
        case notAnObject = "not-an-object"
    }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { "\(code.rawValue): \(message)" }
}
