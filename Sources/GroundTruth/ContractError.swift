/// A message that does not keep a Ground Truth contract: an event, a payload, a worker's answer.
package struct ContractError: Error, Hashable, Sendable, CustomStringConvertible {
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String { case notJSON = "not-json", missingMember = "missing-member", wrongType = "wrong-type" }
        private let value: Value
        package static let notJSON = Self(value: .notJSON)
        package static let missingMember = Self(value: .missingMember)
        package static let wrongType = Self(value: .wrongType)
        package var description: String { value.rawValue }
    }
    package let code: Code
    package let message: String
    package init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    package var description: String { message }
}

extension JSONValue {
    /// Parses a whole message.
    ///
    /// - Parameter name: What the message is called in the error.
    package static func message(_ bytes: some Collection<UInt8>, _ name: String) throws(ContractError) -> JSONValue {
        do {
            return try JSONScanner.parse(bytes)
        } catch {
            throw ContractError(.notJSON, "\(name) is not JSON: \(error)")
        }
    }

    /// A member that must be there; JSON `null` counts as absent.
    package func required(_ key: String, in name: String) throws(ContractError) -> JSONValue {
        guard case .object = kind else { throw ContractError(.wrongType, "\(name) is \(kindName), expected an object") }
        guard let value = present(key) else { throw ContractError(.missingMember, "\(name) has no `\(key)`") }
        return value
    }

    package func requiredString(_ key: String, in name: String) throws(ContractError) -> String {
        let value = try required(key, in: name)
        guard let string = value.string else {
            throw ContractError(.wrongType, "`\(key)` of \(name) is \(value.kindName), expected a string")
        }
        return string
    }

    package func optionalString(_ key: String, in name: String) throws(ContractError) -> String? {
        guard let value = present(key) else { return nil }
        guard let string = value.string else {
            throw ContractError(.wrongType, "`\(key)` of \(name) is \(value.kindName), expected a string")
        }
        return string
    }
}
