/// What a message carries beside its text.
package struct MessageAttribute: Hashable, Sendable, Codable {
    package let name: String
    /// `String`, `Number` or `Binary`, perhaps with a further name after a dot; `String.Array`.
    package let type: String
    /// The text, or base64 of the bytes.
    package let value: String

    package var isBinary: Bool { type.utf8.starts(with: "Binary".utf8) }

    /// What it counts to the length of a message; bytes count as their base64, at most a third too much.
    var byteCount: Int { name.utf8.count + type.utf8.count + value.utf8.count }

    package init(name: String, type: String, value: String) { (self.name, self.type, self.value) = (name, type, value) }
}
