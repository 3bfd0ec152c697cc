import Hummingbird
import NIOCore
import Storage

extension ResponseBody {
    /// Of an object that are in memory at a time.
    private static let pieceBytes = 1 << 20

    /// The bytes of an object, read as they are sent.
    ///
    /// - Parameters:
    ///   - range: Inside the object.
    ///   - check: Called before each piece is sent; what it throws breaks the response off, so that nobody takes it for whole.
    static func object(
        _ uri: ObjectURI, in store: any ObjectStore, _ range: Range<Int>, check: @escaping @Sendable () throws -> Void = {}
    ) -> ResponseBody {
        ResponseBody(contentLength: range.count) { writer in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: pieceBytes) {
                var piece = ByteBuffer()
                try await store.read(uri, range: start..<min(start + pieceBytes, range.upperBound)) { piece.writeBytes($0) }
                try check()
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}
