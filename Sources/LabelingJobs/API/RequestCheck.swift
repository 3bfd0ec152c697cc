package import GroundTruth

extension LabelingOperation {
    /// Checks a request by the service's model. Members that the model does not know are passed over, as AWS does.
    ///
    /// - Throws: ``JobError`` `.wrongType` for a value of the wrong kind, else `.invalid` in AWS's words with everything that is wrong:
    ///   `1 validation error detected: Value '0' at 'humanTaskConfig.numberOfHumanWorkersPerDataObject' failed to satisfy …`.
    package func check(_ request: JSONValue) throws(JobError) {
        var check = RequestCheck()
        try check.check(request, members, at: "")
        guard check.count > 0 else { return }
        let subject = check.count == 1 ? "1 validation error" : "\(check.count) validation errors"
        throw JobError(.invalid, "\(subject) detected: \(check.faults.joined(separator: "; "))")
    }
}

/// Collects what in a request breaks the model's rules.
private struct RequestCheck {
    /// Faults that are spelled out; a request can hold many more.
    private static let maximumFaults = 10
    /// Characters of a value that a fault shows.
    private static let shownCharacters = 256

    private(set) var faults: [String] = []
    private(set) var count = 0

    mutating func check(_ value: JSONValue, _ members: [Shape.Member], at path: String) throws(JobError) {
        guard value.object != nil else { throw wrongType(value, "Structure", path) }
        for member in members {
            let memberPath = path.isEmpty ? Self.spelled(member.name) : "\(path).\(Self.spelled(member.name))"
            if let value = value.present(member.name) {
                try check(value, member.shape, at: memberPath)
            } else if member.isRequired {
                add("null", memberPath, "Member must not be null", isText: false)
            }
        }
    }

    private mutating func check(_ value: JSONValue, _ shape: Shape, at path: String) throws(JobError) {
        switch shape {
        case .text(let length, let pattern):
            let text = try text(value, path)
            let count = text.unicodeScalars.count
            guard checkBounds(count, length, "length", text, path) else { return }
            if let pattern, !Pattern.matches(text, pattern) {
                add(text, path, "Member must satisfy regular expression pattern: \(pattern)")
            }
        case .choice(let choices):
            let text = try text(value, path)
            guard !choices.contains(where: { $0.utf8.elementsEqual(text.utf8) }) else { return }
            add(text, path, "Member must satisfy enum value set: [\(choices.joined(separator: ", "))]")
        case .integer(let range):
            guard let number = value.int else { throw wrongType(value, "Integer", path) }
            _ = checkBounds(number, range, "value", "\(number)", path)
        case .time:
            // 1e11 seconds reach into the year 5138.
            guard let seconds = value.double, abs(seconds) < 1e11 else { throw wrongType(value, "Timestamp", path) }
        case .list(let length, let element):
            guard let elements = value.array else { throw wrongType(value, "List", path) }
            guard checkBounds(elements.count, length, "length", value.excerpt, path) else { return }
            for (index, value) in elements.enumerated() {
                let elementPath = "\(path).\(index + 1).member"
                guard !value.isNull else {
                    add("null", elementPath, "Member must not be null", isText: false)
                    continue
                }
                try check(value, element, at: elementPath)
            }
        case .structure(let members): try check(value, members, at: path)
        }
    }

    private func text(_ value: JSONValue, _ path: String) throws(JobError) -> String {
        guard let text = value.string else { throw wrongType(value, "String", path) }
        return text
    }

    /// - Returns: Whether `number` is within its bounds.
    private mutating func checkBounds(
        _ number: Int, _ bounds: ClosedRange<Int>, _ measure: String, _ shown: String, _ path: String
    ) -> Bool {
        if number < bounds.lowerBound {
            add(shown, path, "Member must have \(measure) greater than or equal to \(bounds.lowerBound)")
        } else if number > bounds.upperBound {
            add(shown, path, "Member must have \(measure) less than or equal to \(bounds.upperBound)")
        }
        return bounds.contains(number)
    }

    // MARK: Words

    private mutating func add(_ value: String, _ path: String, _ constraint: String, isText: Bool = true) {
        count += 1
        guard faults.count < Self.maximumFaults else { return }
        let shown = value.count > Self.shownCharacters ? "\(value.prefix(Self.shownCharacters))…" : value
        faults.append("Value \(isText ? "'\(shown)'" : shown) at '\(path)' failed to satisfy constraint: \(constraint)")
    }

    private func wrongType(_ value: JSONValue, _ expected: String, _ path: String) -> JobError {
        let found =
            switch value.kind {
            case .null: "NULL_VALUE"
            case .bool(let value): value ? "TRUE_VALUE" : "FALSE_VALUE"
            case .number: value.int == nil ? "DECIMAL_VALUE" : "NUMBER_VALUE"
            case .string: "STRING_VALUE"
            case .brokenString: "STRING_VALUE with a lone surrogate"
            case .array: "START_ARRAY"
            case .object: "START_OBJECT"
            }
        return JobError(.wrongType, "\(found) can not be converted to \(expected) at '\(path.isEmpty ? "request" : path)'")
    }

    /// AWS writes members in its messages with a small first letter.
    private static func spelled(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }
}

/// The model's regular expressions.
enum Pattern {
    /// Whether all of the text matches; classes such as `\d` and `\w` are ASCII's, as in AWS's expressions.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        do {
            let expression = try Regex(pattern).matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
            return try expression.wholeMatch(in: text) != nil
        } catch {
            preconditionFailure("the model's pattern \(pattern) is no regular expression: \(error)")
        }
    }
}
