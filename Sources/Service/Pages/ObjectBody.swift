import Hummingbird
import NIOCore
import Storage

extension ObjectStore {
    /// An object as a response's body, a piece of it in memory at a time.
    func streamed(_ uri: ObjectURI, size: Int) -> ResponseBody {
        let pieceBytes = 1 << 20
        return ResponseBody(contentLength: size) { writer in
            for start in stride(from: 0, to: size, by: pieceBytes) {
                var piece = ByteBuffer()
                try await self.read(uri, range: start..<min(start + pieceBytes, size)) { piece.writeBytes($0) }
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
    }
}
