import GroundTruth
package import Storage

/// Makes a manifest of images and of texts that exist already, as the seed's manifest writer does: an image `a/p1.jpg` goes with
/// the text `a/p1.jpg` + suffix, by its full path below both folders.
package struct ManifestBuild: Sendable {
    package struct Outcome: Sendable {
        package var lines = 0
        /// Images without a text and texts without an image, as `code: message`.
        package var findings: [String] = []
    }

    private let store: any ObjectStore

    package init(store: any ObjectStore) { self.store = store }

    /// - Throws: ``PlanError`` when a folder holds nothing.
    package func run(
        images: ObjectURI, texts: ObjectURI, textSuffix: String, metadata: PageMetadata, output: ObjectURI
    ) async throws -> Outcome {
        let (imageBase, imageNames) = try await names(below: images, "images")
        let (textBase, textNames) = try await names(below: texts, "texts")
        var unmatched = Set(textNames.filter { $0.hasSuffix(textSuffix) })
        var outcome = Outcome()
        let writer = try store.writer(to: output)
        for name in imageNames where ImageName.isReadable(name) {
            let textName = name + textSuffix
            let reference = imageBase.appending(name)
            guard unmatched.remove(textName) != nil else {
                outcome.findings.append(
                    "no-text: \(reference) has no text \(textBase.appending(textName)); it is not in the manifest")
                continue
            }
            var members: [String: JSONOutput] = ["text-file-s3-uri": .string("\(textBase.appending(textName))")]
            members["metadata"] = metadata[name].map { .raw($0[...]) }
            try writer.append(ManifestLine.made(of: ["source-ref": .string("\(reference)")], members) + [0x0A])
            outcome.lines += 1
        }
        try await writer.commit()
        for name in textNames where unmatched.contains(name) {
            outcome.findings.append("no-image: \(textBase.appending(name)) has no image; it is not in the manifest")
        }
        return outcome
    }

    private func names(below uri: ObjectURI, _ what: String) async throws -> (base: ObjectURI, names: [String]) {
        guard case .folder(let base, let names) = try await store.listing(of: uri) else {
            throw StorageError(.notFound, "\(uri): expected a folder or prefix with \(what)")
        }
        return (base, names)
    }
}
