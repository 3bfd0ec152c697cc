package import GroundTruth
package import Storage

extension ObjectStore {
    /// Hands over an object's lines one at a time, in order.
    package func forEachLine(of uri: ObjectURI, _ body: (LineSplitter.Line) async throws -> Void) async throws {
        var splitter = LineSplitter()
        try await read(uri) { piece in
            for line in splitter.append(piece) { try await body(line) }
        }
        if let last = splitter.finish() { try await body(last) }
    }
}
