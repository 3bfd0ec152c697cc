package import GroundTruth
package import Storage

/// The pages of a run, in input order.
package struct ReadingPlan: Sendable {
    package private(set) var sources: [PageSource] = []
    /// Files below an input that are neither image nor PDF.
    package private(set) var skippedFiles = 0
    /// Inputs that do not exist.
    package private(set) var missingInputs: [String] = []
    /// Lines of standard input that name no page, with the reason.
    package private(set) var badLines: [(line: Int, reason: String)] = []

    /// Documents that have none of the pages asked for, with the number of pages that they have.
    package private(set) var withoutSelectedPages: [(document: ObjectURI, pages: Int)] = []

    /// Whether nothing was named that is a page, and nothing that should have been one.
    package var isEmpty: Bool { sources.isEmpty && missingInputs.isEmpty && badLines.isEmpty && withoutSelectedPages.isEmpty }

    private let store: any ObjectStore
    private let root: ObjectURI?

    /// - Parameter root: What pages' names are relative to; by default the input that holds them.
    package init(store: any ObjectStore, root: ObjectURI?) { (self.store, self.root) = (store, root) }

    /// Adds an image, or all images below a folder or prefix.
    package mutating func add(_ input: ObjectURI, typed: String) async throws {
        switch try await store.listing(of: input) {
        case .missing: missingInputs.append(typed)
        case .object: sources.append(PageSource(document: input, name: try name(of: input, default: input.baseName)))
        case .folder(let base, let names):
            let all = Set(names)
            for name in names {
                // An image that an earlier run wrote of a document's page has a record beside it.
                let isOwnImage = ImageName.documentAndPage(ofShownImage: name) != nil && all.contains(name + PageRecord.suffix)
                guard ImageName.isReadable(name), !isOwnImage else {
                    skippedFiles += 1
                    continue
                }
                let document = base.appending(name)
                sources.append(PageSource(document: document, name: try self.name(of: document, default: name)))
            }
        }
    }

    /// Adds a line of standard input: a URI or path, or a manifest line, whose `source-ref` may name `s3://` only.
    ///
    /// - Parameter typed: Reads a URI or path.
    package mutating func add(line: LineSplitter.Line, typed: (String) throws -> ObjectURI) throws {
        let text = String(decoding: line.bytes, as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else { return }
        do {
            if line.bytes.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "{") {
                let manifestLine = try ManifestLine(parsing: line.bytes)
                guard let reference = manifestLine.string("source-ref") else {
                    throw PlanError(message: "the line has no `source-ref` with a URI")
                }
                let document = try ObjectURI(received: reference)
                sources.append(
                    PageSource(
                        document: document, name: try name(of: document, default: document.baseName), givenLine: manifestLine))
            } else {
                let document = try typed(text)
                sources.append(PageSource(document: document, name: try name(of: document, default: document.baseName)))
            }
        } catch {
            badLines.append((line.number, "\(error)"))
        }
    }

    private func name(of document: ObjectURI, default standard: String) throws(PlanError) -> String {
        guard let root else { return standard }
        guard let path = document.path(below: root) else {
            throw PlanError(message: "\(document) does not lie below the root \(root)")
        }
        return path
    }

    /// Puts the pages of TIFF and PDF files in their documents' place. A document that cannot be opened stays as the first page
    /// that was asked for, which will fail with the reason.
    package mutating func expand(_ selection: PageSelection, documents: OpenDocuments) async {
        var pages: [PageSource] = []
        for source in sources {
            let selected = await Self.pages(of: source, selection, documents: documents)
            if selected.sources.isEmpty { withoutSelectedPages.append((source.document, selected.count)) }
            pages += selected.sources
        }
        sources = pages
    }

    /// The pages of one document, and how many it has; an image is its own page.
    static func pages(
        of source: PageSource, _ selection: PageSelection, documents: OpenDocuments
    ) async -> (sources: [PageSource], count: Int) {
        guard ImageName.isDocument(source.name) else { return ([source], 1) }
        let count = try? await documents.document(source.document).pageCount
        let selected = count.map { (1...$0).filter(selection.contains) } ?? [selection.first]
        let pages = selected.map {
            PageSource(document: source.document, name: source.name, givenLine: source.givenLine, page: $0)
        }
        return (pages, count ?? 1)
    }

    /// Drops pages that were named twice.
    ///
    /// - Throws: ``PlanError`` when two documents would be written under one name.
    package mutating func settle() throws(PlanError) {
        // By bytes: two spellings of one letter are two file names.
        var owners: [[UInt8]: ObjectURI] = [:]
        var kept: [PageSource] = []
        var conflicts: [String] = []
        for source in sources {
            guard let owner = owners.updateValue(source.document, forKey: Array(source.imageName.utf8)) else {
                kept.append(source)
                continue
            }
            if owner != source.document { conflicts.append("\(owner) and \(source.document) both become \(source.imageName)") }
        }
        guard conflicts.isEmpty else {
            let more = conflicts.count > 5 ? " (and \(conflicts.count - 5) more)" : ""
            throw PlanError(
                message: "two sources for one output name: \(conflicts.prefix(5).joined(separator: "; "))\(more); "
                    + "name a common folder with --root, or read them in two runs")
        }
        sources = kept
    }
}

/// A run that cannot start as asked.
package struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String
    package init(message: String) { self.message = message }
    package var description: String { message }
}
