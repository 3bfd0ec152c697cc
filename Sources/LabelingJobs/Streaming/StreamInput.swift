import GroundTruth

/// What came into a streaming job, from a queue, over HTTP or in a watched folder.
struct StreamInput: Sendable {
    enum Outcome: Sendable, Hashable {
        /// - Parameters:
        ///   - id: Tells the object from all others of its job.
        ///   - warning: What was amiss and could be mended.
        case object(id: String, line: String, warning: String?)
        /// Nothing to label, and nothing lost.
        case dropped
        case rejected(reason: String)
    }

    /// The same each time it comes.
    let message: String
    /// As it came.
    let body: String
    let outcome: Outcome
}

/// Reads what a producer sent as one object (contracts section 16).
struct StreamReader: Sendable {
    /// The longest message of SNS; a watched file's or a request's line may be as long.
    static let maximumBytes = 256 << 10
    static let idAttribute = "dataset-objectid-attribute-name"
    private static let maximumIDCharacters = 1024
    private static let maximumNameCharacters = 140

    /// The job's label attribute.
    let attribute: String

    /// Reads the body of a queue's message: SNS's envelope, or the message itself where the subscription is raw.
    ///
    /// - Parameter id: The message's id in its queue.
    func message(_ body: String, id: String) -> StreamInput {
        guard let envelope = try? JSONScanner.parse(body.utf8), envelope["Type"]?.string == "Notification",
            let message = envelope["Message"]?.string
        else { return line(body, id: id) }
        return line(message, id: envelope["MessageId"]?.string ?? id)
    }

    /// - Parameter id: Stands for the object where it names no key of its own.
    func line(_ text: String, id: String) -> StreamInput {
        StreamInput(message: id, body: text, outcome: outcome(text, id))
    }

    private func outcome(_ text: String, _ id: String) -> StreamInput.Outcome {
        guard text.utf8.count <= Self.maximumBytes else {
            return .rejected(reason: "it has \(text.utf8.count) bytes; a message may have \(Self.maximumBytes)")
        }
        let (line, warning): (ManifestLine, String?)
        do throws(ManifestError) { (line, warning) = try parse(text) } catch { return .rejected(reason: error.message) }
        if line.string("Event") == "s3:TestEvent" { return .dropped }
        if line["Records"] != nil {
            return .rejected(reason: "it is a notification of S3: a job for texts takes objects with `source` or `source-ref`")
        }
        if let fault = line.objectFault { return .rejected(reason: fault) }
        return object(line, id, warning)
    }

    private func parse(_ text: String) throws(ManifestError) -> (ManifestLine, warning: String?) {
        do { return (try ManifestLine(parsing: text.utf8), nil) } catch {
            guard error.code == .pythonQuoting, let json = try? PythonLiteral.json(from: text.utf8) else { throw error }
            let warning = "python-quoting: the message is a Python dict, not JSON; publish json.dumps(…) and not str(…)"
            return (try ManifestLine(parsing: json), warning)
        }
    }

    private func object(_ line: ManifestLine, _ id: String, _ warning: String?) -> StreamInput.Outcome {
        var (id, bytes) = (id, Array(line.raw))
        var ownName: String?
        if let value = line[Self.idAttribute] {
            guard let name = value.string, Self.isName(name) else {
                return .rejected(reason: "`\(Self.idAttribute)` is \(value.excerpt), expected the name of a key")
            }
            guard let own = line.string(name), !own.isEmpty, own.unicodeScalars.count <= Self.maximumIDCharacters else {
                return .rejected(
                    reason:
                        "`\(name)`, which `\(Self.idAttribute)` names, must be a string of 1 to \(Self.maximumIDCharacters) characters"
                )
            }
            (ownName, id) = (name, own)
        } else {
            let key = "$\(attribute)-object-id"
            bytes = line.setting([Self.idAttribute: .string(key), key: .string(id)])
        }
        if let reserved = line.members.first(where: { $0.key.hasPrefix("$") && $0.key != ownName }) {
            return .rejected(reason: "it has the key `\(reserved.key)`; `$` is reserved")
        }
        return .object(id: id, line: String(decoding: bytes, as: UTF8.self), warning: warning)
    }

    /// `^[$a-zA-Z0-9](-*[a-zA-Z0-9])*`, at most 140 characters, such as `source-ref` or `$labels-object-id`.
    private static func isName(_ name: String) -> Bool {
        guard (1...maximumNameCharacters).contains(name.utf8.count), let first = name.utf8.first, let last = name.utf8.last else {
            return false
        }
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        return (isAlphanumeric(first) || first == UInt8(ascii: "$")) && (isAlphanumeric(last) || name.utf8.count == 1)
            && name.utf8.dropFirst().allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
    }
}
