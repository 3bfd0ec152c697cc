/// A line of an output manifest of a custom labeling job (contracts section 11): the input line, the label and its metadata.
package enum OutputLine {
    /// - Parameters:
    ///   - label: What the post-annotation function answered under the label attribute.
    ///   - creationDate: UTC, as `2024-03-01T10:02:03.175903`.
    /// - Returns: The line without its line end; the input's members stay byte for byte.
    package static func labeled(
        _ input: ManifestLine, attribute: String, label: JSONValue, jobName: String, creationDate: String
    ) -> [UInt8] {
        input.setting([
            attribute: .raw(label),
            "\(attribute)-metadata": [
                "creation-date": .string(creationDate), "human-annotated": "yes", "job-name": .string("labeling-job/\(jobName.lowercased())"),
                "type": "groundtruth/custom",
            ],
        ])
    }

    /// A line whose object could not be labeled: it has metadata and no label.
    package static func failed(_ input: ManifestLine, attribute: String, reason: String) -> [UInt8] {
        input.setting(
            ["\(attribute)-metadata": ["failure-reason": .string(reason), "human-annotated": "true"]], removing: [attribute])
    }
}
