/// The event of a post-annotation function: where a batch of answered objects lies (contracts section 10).
package struct ConsolidationEvent: Sendable {
    package enum Payload: Sendable {
        case uri(String)
        case inline(JSONValue)
    }
    package let labelingJobARN: String?
    /// The role with which the payload can be read, for functions that cannot read it on their own.
    package let roleARN: String?
    /// `nil` when absent or null, as in console-created jobs.
    package let labelCategories: [String]?
    package let labelAttributeName: String
    package let payload: Payload

    package init(parsing bytes: some Collection<UInt8>) throws(ContractError) {
        let event = try JSONValue.message(bytes, "the event")
        let payload = try event.required("payload", in: "the event")
        if case .array = payload.kind {
            self.payload = .inline(payload)
        } else {
            self.payload = .uri(try payload.requiredString("s3Uri", in: "`payload` of the event"))
        }
        labelAttributeName = try event.requiredString("labelAttributeName", in: "the event")
        labelingJobARN = try event.optionalString("labelingJobArn", in: "the event")
        roleARN = try event.optionalString("roleArn", in: "the event")
        labelCategories = try event.present("labelCategories").map { categories throws(ContractError) in
            guard let names = categories.array?.map(\.string), !names.contains(nil) else {
                throw ContractError(
                    .wrongType, "`labelCategories` of the event is \(categories.excerpt), expected an array of strings")
            }
            return names.compactMap(\.self)
        }
    }
}

/// One object of a payload file, with the answers of its workers.
package struct AnsweredObject: Sendable {
    package struct Answer: Sendable {
        package enum Content: Sendable {
            case text(String)
            case uri(String)
        }
        package let workerID: String
        package let content: Content
    }

    /// As the service sent it; it is echoed.
    package let datasetObjectID: String
    /// `dataObject.content`: the text itself.
    package let content: String?
    /// `dataObject.s3Uri`: the manifest line's `source-ref`.
    package let sourceRef: String?
    /// Every element of `annotations` as written.
    package let rawAnswers: [JSONValue]

    /// - Returns: Objects in the order of the payload.
    /// - Throws: ``ContractError`` when the payload as a whole, or an id to answer under, cannot be read.
    package static func list(in payload: JSONValue) throws(ContractError) -> [AnsweredObject] {
        guard let elements = payload.array else {
            throw ContractError(.wrongType, "the payload is \(payload.kindName), expected an array")
        }
        var objects: [AnsweredObject] = []
        for (index, element) in elements.enumerated() {
            objects.append(try AnsweredObject(element, name: "object \(index) of the payload"))
        }
        return objects
    }

    private init(_ element: JSONValue, name: String) throws(ContractError) {
        let id = try element.required("datasetObjectId", in: name)
        guard let datasetObjectID = id.string ?? id.int.map({ "\($0)" }) else {
            throw ContractError(.wrongType, "`datasetObjectId` of \(name) is \(id.kindName), expected a string")
        }
        self.datasetObjectID = datasetObjectID
        content = element["dataObject"]?["content"]?.string
        sourceRef = element["dataObject"]?["s3Uri"]?.string
        rawAnswers = element["annotations"]?.array ?? []
    }

    /// One element of `annotations`, read.
    package static func answer(_ element: JSONValue) throws(ContractError) -> Answer {
        let workerID = try element.requiredString("workerId", in: "the answer")
        let data = try element.required("annotationData", in: "the answer")
        if let content = try data.optionalString("content", in: "`annotationData`") {
            return Answer(workerID: workerID, content: .text(content))
        }
        // The documentation writes `s3Uri`, published functions read `s3uri`.
        for key in ["s3Uri", "s3uri"] {
            if let uri = try data.optionalString(key, in: "`annotationData`") {
                return Answer(workerID: workerID, content: .uri(uri))
            }
        }
        throw ContractError(.missingMember, "`annotationData` has neither `content` nor `s3Uri`")
    }
}
