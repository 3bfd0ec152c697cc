package import GroundTruth

extension LabelCategories {
    /// Whether there are labels enough, and not too many, for a task type (contracts section 4).
    ///
    /// - Throws: ``JobError`` `.invalid`.
    package func check(for task: BuiltInTask?) throws(JobError) {
        guard let task, task != .entities else { return }
        guard labels.count >= 2, task == .singleLabel || labels.count <= 50 else {
            let expected = task == .multiLabel ? "2 to 50" : "at least 2"
            throw JobError(.invalid, "the label category file has \(labels.count) labels, expected \(expected)")
        }
    }

    /// `task.input` of the built-in pages, as JSON.
    package func taskInput(of line: ManifestLine, task: BuiltInTask) -> [UInt8] {
        BuiltInConsolidation.taskInput(line, task: task, categories: self).bytes
    }
}
