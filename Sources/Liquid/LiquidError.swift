/// A template that cannot be parsed or rendered: where, what was found, what to do.
package struct LiquidError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case syntax, unknownTag = "unknown-tag", unknownFilter = "unknown-filter", argument, partial, access, limit
        }
        private let value: Value
        /// The template does not follow the grammar.
        package static let syntax = Self(value: .syntax)
        package static let unknownTag = Self(value: .unknownTag)
        package static let unknownFilter = Self(value: .unknownFilter)
        /// A filter or tag got a value it cannot work with.
        package static let argument = Self(value: .argument)
        /// A partial that is not there or may not be used here.
        package static let partial = Self(value: .partial)
        /// `grant_read_access` could not make a URL.
        package static let access = Self(value: .access)
        /// One of ``Limits`` was reached.
        package static let limit = Self(value: .limit)
        package var description: String { value.rawValue }
    }

    package let code: Code
    package let message: String
    /// The template's or partial's name, and where in it; `nil` only while the error is on its way out of a filter.
    package var location: TemplateLocation?

    package init(_ code: Code, _ message: String, at location: TemplateLocation? = nil) {
        (self.code, self.message, self.location) = (code, message, location)
    }

    package var description: String {
        location.map { "\($0): \(message)" } ?? message
    }

    func located(_ location: TemplateLocation) -> LiquidError {
        self.location == nil ? LiquidError(code, message, at: location) : self
    }
}

/// A place in a template; both numbers count from 1, columns are Unicode scalars.
package struct TemplateLocation: Hashable, Sendable, CustomStringConvertible {
    package let template: String
    package let line: Int
    package let column: Int
    package var description: String { "\(template):\(line):\(column)" }
}

/// A template's bytes and name, from which an offset becomes a line and a column.
struct TemplateSource: Sendable {
    let name: String
    let bytes: [UInt8]

    func location(of offset: Int) -> TemplateLocation {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return TemplateLocation(template: name, line: line, column: column)
    }
}
