/// What a message carries beside its text.
package struct MessageAttribute: Hashable, Sendable, Codable {
    package let name: String
    /// `String`, `Number` or `Binary`, perhaps with a further name after a dot; `String.Array`.
    package let type: String
    /// The text, or base64 of the bytes.
    package let value: String

    package var isBinary: Bool { type.utf8.starts(with: "Binary".utf8) }

    package init(name: String, type: String, value: String) { (self.name, self.type, self.value) = (name, type, value) }
}
