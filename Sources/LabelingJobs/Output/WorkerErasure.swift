import GroundTruth
package import Storage

/// Takes a worker out of the objects that a job has written: what names the worker's id is rewritten without it.
///
/// `output.manifest` and the intermediate files are not touched: they are written anew from the answers that are left.
package struct WorkerErasure: Sendable {
    /// A file larger than this is deleted, not rewritten.
    private static let maximumBytes = 64 << 20

    private let store: any ObjectStore
    private let worker: String

    package init(store: any ObjectStore, worker: String) { (self.store, self.worker) = (store, worker) }

    /// - Returns: The objects that were rewritten, in the order of their names.
    /// - Throws: ``JobError`` `.outputFailed`; called again, it goes on where it was.
    package func erase(from job: JobRecord) async throws(JobError) -> [ObjectURI] {
        let tree = OutputTree(store: store, settings: job.settings)
        do {
            guard case .folder(let base, let names) = try await store.listing(of: tree.annotations.appending("")) else { return [] }
            var rewritten: [ObjectURI] = []
            for name in names where !name.hasPrefix("intermediate/") {
                let uri = base.appending(name)
                if try await rewrite(uri, tree) { rewritten.append(uri) }
            }
            return rewritten
        } catch {
            throw JobError(.outputFailed, "a worker cannot be taken out of the outputs of \(job.name): \(error)")
        }
    }

    /// - Returns: Whether the object named the worker.
    private func rewrite(_ uri: ObjectURI, _ tree: OutputTree) async throws -> Bool {
        let bytes: [UInt8]
        do {
            bytes = try await store.get(uri, atMost: Self.maximumBytes)
        } catch let error where error.code == .notFound {
            // Somebody else may be erasing too.
            return false
        }
        guard let value = try? JSONScanner.parse(bytes), let left = without(value) else { return false }
        if let answers = (try? JSONScanner.parse(left.bytes))?["answers"]?.array, answers.isEmpty {
            try await store.delete(uri)
        } else {
            try await store.put(left.bytes, to: uri, options: tree.options)
        }
        return true
    }

    /// A value without the elements that are the worker's: objects with this `workerId`, and the id itself in lists of ids.
    ///
    /// - Returns: `nil` where there are none.
    private func without(_ value: JSONValue) -> JSONOutput? {
        switch value.kind {
        case .array(let elements):
            let kept = elements.filter { !isTheWorkers($0) }
            let changed = kept.map { without($0) }
            guard kept.count < elements.count || changed.contains(where: { $0 != nil }) else { return nil }
            return .array(zip(kept, changed).map { $1 ?? .raw($0) })
        case .object(let members):
            var output: [String: JSONOutput] = [:]
            var isChanged = false
            for member in members {
                let changed = without(member.value)
                isChanged = isChanged || changed != nil
                output[member.key] = changed ?? .raw(member.value)
            }
            return isChanged ? .object(output) : nil
        default: return nil
        }
    }

    private func isTheWorkers(_ value: JSONValue) -> Bool {
        (value.string ?? value["workerId"]?.string)?.utf8.elementsEqual(worker.utf8) ?? false
    }
}

extension JobEngine {
    /// Takes forgotten workers out of the outputs once more: a pass that went on beside the first time may have had their answers in its
    /// hands. This comes before a pass.
    func eraseForgotten() async throws(JobError) {
        for worker in try await store.forgotten() {
            let erasure = WorkerErasure(store: objects, worker: worker)
            for job in try await store.jobs() { _ = try await erasure.erase(from: job) }
            try await store.setErased(worker)
        }
    }
}
