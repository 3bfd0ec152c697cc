import GroundTruth

/// Reads a job's input manifest piece by piece.
struct InputManifestReader {
    /// An object to be: its place among the manifest's lines that are not blank, from 0.
    typealias NewObject = (number: Int, line: String, state: ObjectState)

    let attribute: String
    let maximumObjects: Int
    /// What was read and not yet taken.
    private(set) var read: [NewObject] = []
    /// Objects so far.
    private(set) var count = 0
    private var splitter = LineSplitter()

    init(attribute: String, maximumObjects: Int) { (self.attribute, self.maximumObjects) = (attribute, maximumObjects) }

    /// - Throws: ``JobError`` `.invalid` that names the line.
    mutating func append(_ piece: ArraySlice<UInt8>) throws(JobError) {
        for line in splitter.append(piece) { try add(line) }
    }

    /// Takes a last line that has no line end.
    mutating func finish() throws(JobError) {
        if let last = splitter.finish() { try add(last) }
    }

    mutating func take() -> [NewObject] {
        defer { read.removeAll(keepingCapacity: true) }
        return read
    }

    private mutating func add(_ line: LineSplitter.Line) throws(JobError) {
        guard !line.isBlank else { return }
        guard count < maximumObjects else {
            throw JobError(.invalid, "ClientError: the manifest has more than \(maximumObjects) objects")
        }
        read.append((count, String(decoding: line.bytes, as: UTF8.self), try state(of: line)))
        count += 1
    }

    /// Only lines that lack the label attribute are labeled: so a stopped job is resumed (contracts section 3.3).
    private func state(of line: LineSplitter.Line) throws(JobError) -> ObjectState {
        let parsed: ManifestLine
        do { parsed = try ManifestLine(parsing: line.bytes) } catch {
            throw JobError(.invalid, "ClientError: line \(line.number) of the manifest: \(error)")
        }
        if let reserved = parsed.members.first(where: { $0.key.hasPrefix("$") }) {
            throw JobError(
                .invalid, "ClientError: line \(line.number) of the manifest has the key `\(reserved.key)`; `$` is reserved")
        }
        if let fault = parsed.objectFault {
            throw JobError(.invalid, "ClientError: line \(line.number) of the manifest: \(fault)")
        }
        return parsed[attribute] == nil ? .new : .carried
    }
}

extension ManifestLine {
    /// Why a line is no object of a job (contracts section 3.1); `nil` for one that is.
    var objectFault: String? {
        let sources = ["source", "source-ref"].compactMap { key in self[key].map { (key, $0) } }
        guard sources.count == 1, let (key, value) = sources.first else { return "it must have one of `source` and `source-ref`" }
        return value.string == nil ? "`\(key)` is \(value.kindName), expected a string" : nil
    }
}
