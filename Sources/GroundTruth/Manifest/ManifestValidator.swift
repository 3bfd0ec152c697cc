/// Checks an input manifest line by line against what Ground Truth accepts (contracts section 3, section 22 traps 1 to 5).
///
/// It keeps one line at a time, so a manifest of any length is checked in constant memory.
package struct ManifestValidator {
    /// A finding about one line; `description` is `code: message`.
    package struct Finding: Hashable, Sendable, CustomStringConvertible {
        package let line: Int
        package let code: String
        package let message: String
        package var description: String { "\(code): \(message)" }
    }

    package static let maximumLineCharacters = 100_000
    package static let maximumAttributeCharacters = 20_000
    package static let maximumObjects = 100_000

    /// What a repaired file no longer has, so that a repair does not report it.
    private static let mended: Set<String> = [
        "byte-order-mark", "blank-line", "missing-final-newline", ManifestError.Code.pythonQuoting.rawValue,
    ]

    private let repairs: Bool
    private var objects = 0

    /// - Parameter repairs: Whether lines are rewritten; the findings are then about what the repaired file still has, or lacks.
    package init(repairs: Bool = false) { self.repairs = repairs }

    package struct Outcome: Sendable {
        package var findings: [Finding] = []
        /// The line for a repaired manifest: as it was, or as strict JSON; `nil` for a blank line and for one that cannot be kept.
        package var repaired: [UInt8]?
    }

    package mutating func check(_ line: LineSplitter.Line) -> Outcome {
        var outcome = examine(line)
        if repairs { outcome.findings.removeAll { Self.mended.contains($0.code) } }
        return outcome
    }

    private mutating func examine(_ line: LineSplitter.Line) -> Outcome {
        var outcome = Outcome()
        func report(_ code: String, _ message: String) {
            outcome.findings.append(Finding(line: line.number, code: code, message: message))
        }
        guard !line.isTooLong else {
            report("line-too-long", "over \(LineSplitter.maximumLineBytes) bytes; the rest was not read")
            return outcome
        }
        var bytes = line.bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            bytes = bytes.dropFirst(3)
            report("byte-order-mark", "the line starts with a UTF-8 byte order mark, which JSON Lines readers take for text")
        }
        if !line.isTerminated { report("missing-final-newline", "the last line does not end with a line feed") }
        guard !bytes.isBlank else {
            report("blank-line", "no object on this line")
            return outcome
        }
        objects += 1
        if objects == Self.maximumObjects + 1 {
            report("too-many-objects", "a job takes at most \(Self.maximumObjects) objects; this is one more")
        }
        do {
            let manifestLine = try ManifestLine(parsing: bytes)
            outcome.repaired = Array(bytes)
            outcome.findings += findings(in: manifestLine, line: line.number)
        } catch {
            if repairs {
                repair(bytes, error, line: line.number, outcome: &outcome)
            } else {
                report(error.code.rawValue, error.message)
            }
        }
        return outcome
    }

    private func repair(_ bytes: ArraySlice<UInt8>, _ error: ManifestError, line: Int, outcome: inout Outcome) {
        do {
            let json = try PythonLiteral.json(from: bytes)
            outcome.findings += findings(in: try ManifestLine(parsing: json), line: line)
            outcome.repaired = json
        } catch let refusal as JSONError where Self.looksLikePython(bytes) {
            outcome.findings.append(
                Finding(line: line, code: "repair-refused", message: "\(refusal); the line is not in the repaired file"))
        } catch _ {
            outcome.findings.append(
                Finding(line: line, code: error.code.rawValue, message: "\(error.message); the line is not in the repaired file"))
        }
    }

    /// Whether the first key is quoted as Python quotes.
    private static func looksLikePython(_ bytes: ArraySlice<UInt8>) -> Bool {
        let start = bytes.drop { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: "{") }
        return start.starts(with: "'".utf8) || start.starts(with: "u'".utf8)
    }

    private func findings(in line: ManifestLine, line number: Int) -> [Finding] {
        var findings: [Finding] = []
        func report(_ code: String, _ message: String) {
            findings.append(Finding(line: number, code: code, message: message))
        }
        let characters = Self.characters(in: line.raw)
        if characters > Self.maximumLineCharacters {
            report("line-too-long", "\(characters) characters; Ground Truth takes \(Self.maximumLineCharacters)")
        }
        var seen: Set<[UInt8]> = []
        for member in line.members {
            if !seen.insert(Array(member.key.utf8)).inserted {
                report("duplicate-key", "`\(member.key)` stands twice; most readers keep the last value and drop the first")
            }
            if member.key.hasPrefix("$") {
                report("reserved-key", "`\(member.key)`: keys that begin with `$` belong to the service")
            }
            let size = member.value.string?.unicodeScalars.count ?? Self.characters(in: member.value.raw)
            if size > Self.maximumAttributeCharacters {
                report(
                    "attribute-too-long",
                    "`\(member.key)` has \(size) characters; Ground Truth takes \(Self.maximumAttributeCharacters)")
            }
        }
        switch (line["source"], line["source-ref"]) {
        case (nil, nil): report("no-source", "neither `source` nor `source-ref`; a line needs exactly one")
        case (.some, .some): report("both-sources", "both `source` and `source-ref`; a line needs exactly one")
        default: break
        }
        for key in ["source", "source-ref", "text-file-s3-uri"] {
            guard let value = line[key] else { continue }
            guard let string = value.string else {
                report("not-a-string", "`\(key)` is \(value.kindName), expected a string")
                continue
            }
            if string.isEmpty {
                report("empty-source", "`\(key)` is empty")
            } else if key != "source", !Self.isS3(string) {
                report("not-s3", "`\(key)` is \(value.excerpt); Ground Truth reads s3://BUCKET/KEY only")
            }
        }
        return findings
    }

    private static func isS3(_ uri: String) -> Bool {
        guard uri.hasPrefix("s3://") else { return false }
        let rest = uri.dropFirst(5)
        guard let slash = rest.firstIndex(of: "/") else { return false }
        return slash > rest.startIndex && rest.index(after: slash) < rest.endIndex
    }

    /// Unicode scalars, counted without decoding.
    private static func characters(in bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 }
    }
}
