/// What a pre-annotation function answered (contracts section 5): the task's input, and whether workers are needed.
package struct PreAnnotationResponse: Sendable {
    /// A JSON object: what the template has as `task.input`.
    package let taskInput: JSONValue
    package let isHumanAnnotationRequired: Bool

    /// Reads a response in every form that functions in the wild give it: the flag as a boolean or a string of any case, under
    /// `isHumanAnnotationRequired` or, where that is absent, under the older `humanAnnotationRequired`; absent or `null` it is true.
    ///
    /// - Throws: ``ContractError`` that names the key.
    package init(parsing bytes: some Collection<UInt8>) throws(ContractError) {
        let response = try JSONValue.message(bytes, "the pre-annotation response")
        let taskInput = try response.required("taskInput", in: "the pre-annotation response")
        guard case .object = taskInput.kind else {
            throw ContractError(.wrongType, "`taskInput` is \(taskInput.kindName), expected an object")
        }
        self.taskInput = taskInput
        for key in ["isHumanAnnotationRequired", "humanAnnotationRequired"] {
            guard let value = response.present(key) else { continue }
            isHumanAnnotationRequired = try Self.flag(value, key: key)
            return
        }
        isHumanAnnotationRequired = true
    }

    private static func flag(_ value: JSONValue, key: String) throws(ContractError) -> Bool {
        if let flag = value.bool { return flag }
        switch value.string?.lowercased().split(whereSeparator: \.isWhitespace) {
        case ["true"]: return true
        case ["false"]: return false
        default: throw ContractError(.wrongType, "`\(key)` is \(value.excerpt), expected true or false")
        }
    }
}
