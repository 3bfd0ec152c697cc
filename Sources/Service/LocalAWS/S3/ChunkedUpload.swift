import HTTPTypes

/// Takes apart a body in the form `aws-chunked`: chunks with their sizes in hexadecimal, and trailing headers such as a checksum.
///
/// Signatures of chunks are passed over.
struct ChunkedUpload {
    private enum State {
        case size
        case data(remaining: Int)
        /// The line end behind a chunk's data.
        case dataEnd
        case trailers
        case done
    }

    /// A line holds a size with a signature, or one header.
    private static let maximumLineBytes = 8 << 10
    private static let maximumTrailers = 16

    /// By lower-case name.
    private(set) var trailers: [String: String] = [:]
    private var state = State.size
    private var line: [UInt8] = []

    var isComplete: Bool { if case .done = state { true } else { false } }

    /// - Parameter piece: Gets the data, without what is around it.
    /// - Throws: ``S3Failure``, or what `piece` throws.
    mutating func append(_ bytes: ArraySlice<UInt8>, piece: (ArraySlice<UInt8>) throws -> Void) throws {
        var rest = bytes
        while !rest.isEmpty {
            if case .data(let remaining) = state {
                let data = rest.prefix(remaining)
                try piece(data)
                rest = rest.dropFirst(data.count)
                state = data.count == remaining ? .dataEnd : .data(remaining: remaining - data.count)
            } else {
                guard let line = try takeLine(&rest) else { return }
                try read(line)
            }
        }
    }

    /// - Returns: The next line without its CR LF; `nil` when it is not there in full.
    private mutating func takeLine(_ rest: inout ArraySlice<UInt8>) throws(S3Failure) -> [UInt8]? {
        let end = rest.firstIndex(of: 0x0A)
        line += rest[..<(end ?? rest.endIndex)]
        rest = end.map { rest[($0 + 1)...] } ?? []
        guard line.count <= Self.maximumLineBytes else {
            throw Self.malformed("a line of more than \(Self.maximumLineBytes) bytes")
        }
        guard end != nil else { return nil }
        defer { line = [] }
        return line.last == 0x0D ? Array(line.dropLast()) : line
    }

    private mutating func read(_ line: [UInt8]) throws(S3Failure) {
        switch state {
        case .size:
            let digits = String(decoding: line.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
            guard let size = Int(digits, radix: 16), size >= 0 else { throw Self.malformed("a chunk without a size") }
            state = size == 0 ? .trailers : .data(remaining: size)
        case .dataEnd:
            guard line.isEmpty else { throw Self.malformed("a chunk longer than its size") }
            state = .size
        case .trailers:
            guard !line.isEmpty else {
                state = .done
                return
            }
            let text = String(decoding: line, as: UTF8.self)
            let name = text.prefix { $0 != ":" }
            guard trailers.count < Self.maximumTrailers else { throw Self.malformed("more than \(Self.maximumTrailers) trailers") }
            trailers[name.lowercased()] = String(text.dropFirst(name.count + 1).drop { $0 == " " })
        case .data, .done: throw Self.malformed("bytes behind its end")
        }
    }

    private static func malformed(_ problem: String) -> S3Failure {
        S3Failure(.badRequest, "InvalidRequest", "The aws-chunked body has \(problem).")
    }
}
