/// The event of a pre-annotation function: one object on its way to the workers (contracts section 5).
///
/// `version` may be anything: captured events and the documentation disagree on it.
package struct PreAnnotationEvent: Sendable {
    package let labelingJobARN: String?
    /// The whole manifest line, with all its keys.
    package let dataObject: ManifestLine

    package init(parsing bytes: some Collection<UInt8>) throws(ContractError) {
        let event = try JSONValue.message(bytes, "the event")
        let dataObject = try event.required("dataObject", in: "the event")
        guard case .object = dataObject.kind else {
            throw ContractError(.wrongType, "`dataObject` of the event is \(dataObject.kindName), expected an object")
        }
        labelingJobARN = try event.optionalString("labelingJobArn", in: "the event")
        self.dataObject = ManifestLine(dataObject)
    }
}

/// What a page's text is, as the manifest line that `ocr` wrote says.
package struct TextReference: Sendable {
    package let uri: String?
    /// `found`, `not-found`, `failed`; `nil` in lines of other makers.
    package let status: String?
    package let failureReason: String?
    /// Lower-case hexadecimal; the text must have it when it is there.
    package let sha256: String?

    package init(_ line: ManifestLine) throws(ContractError) {
        let metadata = line["text-file-s3-uri-metadata"]
        uri = try line.value.optionalString("text-file-s3-uri", in: "the object")
        status = metadata?["status"]?.string
        failureReason = metadata?["failure-reason"]?.string
        sha256 = metadata?["text-sha256"]?.string
    }
}
