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

    /// The line with some keys set; see ``JSONValue/setting(_:removing:)``.
    package func setting(_ additions: [String: JSONOutput], removing removals: Set<String> = []) -> [UInt8] {
        value.setting(additions, removing: removals)
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
