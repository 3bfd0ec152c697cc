package import Storage

/// The documents that pages in work belong to: each is fetched once, and a few are kept for their next pages.
package actor OpenDocuments {
    private let store: any ObjectStore
    private let capacity: Int
    private var open: [(uri: ObjectURI, document: Task<Document, any Error>)] = []

    /// - Parameter capacity: Documents kept; at least as many as pages are in work.
    package init(store: any ObjectStore, capacity: Int) { (self.store, self.capacity) = (store, capacity) }

    func document(_ uri: ObjectURI) async throws -> Document {
        if let index = open.firstIndex(where: { $0.uri == uri }) {
            let known = open.remove(at: index)
            open.append(known)
            return try await known.document.value
        }
        let store = store
        let task = Task { try await Document(try await store.get(uri, atMost: BatchReading.maximumDocumentBytes)) }
        open.append((uri, task))
        if open.count > capacity { open.removeFirst() }
        return try await task.value
    }
}
