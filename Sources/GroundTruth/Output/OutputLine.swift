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

    /// The line of an object without a label: the input line and the reason, no label attribute (contracts section 11). A later job with
    /// the same attribute takes it up again.
    package static func failed(_ input: ManifestLine, attribute: String, reason: String) -> [UInt8] {
        input.setting(["\(attribute)-metadata": ["failure-reason": .string(reason), "human-annotated": "true", "retry-count": 1]])
    }
}
