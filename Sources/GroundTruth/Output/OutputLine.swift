/// A line of an output manifest of a custom labeling job (contracts section 11): the input line, the label and its metadata.
package enum OutputLine {
    /// - Parameters:
    ///   - label: What the post-annotation function answered under the label attribute.
    ///   - creationDate: UTC, as custom jobs have it: `2024-03-01T10:02:03+0000`.
    /// - Returns: The line without its line end; the input's members stay byte for byte.
    package static func labeled(
        _ input: ManifestLine, attribute: String, label: JSONValue, jobName: String, creationDate: String
    ) -> [UInt8] {
        input.setting([
            attribute: .raw(label),
            "\(attribute)-metadata": [
                "creation-date": .string(creationDate), "human-annotated": "yes",
                "job-name": .string("labeling-job/\(jobName.lowercased())"),
                "type": "groundtruth/custom",
            ],
        ])
    }
}
