/// A parsed JSON value that still knows the bytes it was written with, so that what passes through Prelabel passes unchanged.
package struct JSONValue: Sendable {
    package enum Kind: Sendable {
        case null
        case bool(Bool)
        /// The number as spelled; see ``JSONValue/int``.
        case number
        case string(String)
        /// A string with a lone surrogate escape: legal JSON, but not text. It can pass through and cannot be read.
        case brokenString
        case array([JSONValue])
        case object([Member])
    }

    package struct Member: Sendable {
        package let key: String
        package let value: JSONValue
        /// From the key's opening quote to the value's last byte.
        package let raw: ArraySlice<UInt8>
    }

    package let kind: Kind
    /// The value as written, without white space around it.
    package let raw: ArraySlice<UInt8>

    package var isNull: Bool { if case .null = kind { true } else { false } }
    package var string: String? { if case .string(let value) = kind { value } else { nil } }
    package var bool: Bool? { if case .bool(let value) = kind { value } else { nil } }
    package var array: [JSONValue]? { if case .array(let value) = kind { value } else { nil } }
    package var object: [Member]? { if case .object(let value) = kind { value } else { nil } }
    /// A number written as an integer that fits 64 bits: `5`, not `5.0`.
    package var int: Int? { if case .number = kind { Int(String(decoding: raw, as: UTF8.self)) } else { nil } }
    /// A number that a `Double` can hold: not `1e999`.
    package var double: Double? {
        guard case .number = kind, let value = Double(String(decoding: raw, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// The member of an object with this key, the last one where a key stands twice (as most parsers read it); `nil` for other
    /// kinds.
    package subscript(key: String) -> JSONValue? {
        object?.last { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    /// A member that is there and not `null`, which Ground Truth's shapes treat as absent.
    package func present(_ key: String) -> JSONValue? {
        self[key].flatMap { $0.isNull ? nil : $0 }
    }

    /// Whether two values say the same, however they are spaced and whatever the order of keys; numbers are compared as spelled.
    package func isEquivalent(to other: JSONValue) -> Bool {
        switch (kind, other.kind) {
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count && left.allSatisfy { member in other[member.key]?.isEquivalent(to: member.value) ?? false }
        default: raw.elementsEqual(other.raw)
        }
    }

    /// What kind of value this is, for messages.
    package var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string, .brokenString: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The value as written, cut after 60 characters, for messages.
    package var excerpt: String {
        let text = String(decoding: raw, as: UTF8.self)
        return text.count > 60 ? "\(text.prefix(60))…" : text
    }
}

/// Text that is not JSON (RFC 8259).
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Offset of the byte at which reading stopped, from 0.
    package let offset: Int
    package let message: String
    package var description: String { "\(message) at byte \(offset)" }
}
