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

    /// - Throws: ``StorageError`` `.notFound` when a folder holds nothing.
    package func run(
        images: ObjectURI, texts: ObjectURI, textSuffix: String, metadata: PageMetadata?, output: ObjectURI
    ) async throws -> Outcome {
        let (imageBase, imageNames) = try await names(below: images, "images")
        let (textBase, textNames) = try await names(below: texts, "texts")
        var unmatched = Set(textNames.filter { $0.hasSuffix(textSuffix) })
        let pageNumbers = Self.pageNumbers(of: unmatched, suffix: textSuffix)
        let metadata = metadata?.matched(to: imageNames) ?? PageMetadata.Match()
        var outcome = Outcome()
        let writer = try store.writer(to: output)
        for name in imageNames where ImageName.isReadable(name) {
            // The image itself; or, for a document whose pages `ocr` wrote as images beside their texts, those.
            let pages: [(image: String, number: Int?)] =
                unmatched.contains(name + textSuffix)
                ? [(name, nil)] : (pageNumbers[name] ?? []).sorted().map { (ImageName.shownImage(of: name, page: $0), $0) }
            if pages.isEmpty {
                let text = textBase.appending(name + textSuffix)
                outcome.findings.append("no-text: \(imageBase.appending(name)) has no text \(text); it is not in the manifest")
            }
            for page in pages {
                unmatched.remove(page.image + textSuffix)
                var members: [String: JSONOutput] = ["text-file-s3-uri": .string("\(textBase.appending(page.image + textSuffix))")]
                members["metadata"] = metadata[name].map { .raw($0[...]) }
                if let number = page.number {
                    members["page"] = .int(number)
                    members["source-document"] = .string("\(imageBase.appending(name))")
                }
                let reference = (page.number == nil ? imageBase : textBase).appending(page.image)
                try writer.append(ManifestLine.made(of: ["source-ref": .string("\(reference)")], members) + [0x0A])
                outcome.lines += 1
            }
        }
        try await writer.commit()
        for name in textNames where unmatched.contains(name) {
            outcome.findings.append("no-image: \(textBase.appending(name)) has no image; it is not in the manifest")
        }
        return outcome
    }

    /// For each document, the pages that have a text.
    private static func pageNumbers(of texts: Set<String>, suffix: String) -> [String: [Int]] {
        var numbers: [String: [Int]] = [:]
        for text in texts {
            guard let (document, page) = ImageName.documentAndPage(ofShownImage: String(text.dropLast(suffix.count))) else {
                continue
            }
            numbers[document, default: []].append(page)
        }
        return numbers
    }

    private func names(below uri: ObjectURI, _ what: String) async throws -> (base: ObjectURI, names: [String]) {
        guard case .folder(let base, let names) = try await store.listing(of: uri) else {
            throw StorageError(.notFound, "\(uri): expected a folder or prefix with \(what)")
        }
        return (base, names)
    }
}
