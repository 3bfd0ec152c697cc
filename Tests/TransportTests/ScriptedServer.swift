import Dispatch
import Glibc
import Synchronization

/// A server on 127.0.0.1 that does to each connection what a test says, be it wrong.
final class ScriptedServer: Sendable {
    /// One accepted connection, used by one thread at a time.
    final class Connection: Sendable {
        let socket: Int32
        /// Bytes handed to the system so far.
        var bytesWritten: Int { written.load(ordering: .relaxed) }
        private let written = Atomic<Int>(0)

        init(socket: Int32) { self.socket = socket }

        /// Reads up to the empty line, and as many bytes after it as `Content-Length` says; `nil` at the end of the connection.
        func readRequest() -> (head: String, body: [UInt8])? {
            var head: [UInt8] = []
            while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
                guard let byte = read(atMost: 1)?.first else { return nil }
                head.append(byte)
            }
            let text = String(decoding: head, as: UTF8.self)
            let lengths = text.lowercased().split(separator: "\r\n").filter { $0.hasPrefix("content-length: ") }
            let length = lengths.first.flatMap { Int($0.dropFirst("content-length: ".count)) } ?? 0
            var body: [UInt8] = []
            while body.count < length {
                guard let piece = read(atMost: length - body.count) else { return nil }
                body += piece
            }
            return (text, body)
        }

        /// - Returns: `nil` when the other side has closed.
        func read(atMost count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: min(count, 1 << 16))
            let read = recv(socket, &bytes, bytes.count, 0)
            return read > 0 ? Array(bytes.prefix(read)) : nil
        }

        /// - Returns: Whether the other side took it.
        @discardableResult
        func write(_ bytes: some Collection<UInt8>) -> Bool {
            var rest = Array(bytes)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard sent > 0 else { return false }
                written.add(sent, ordering: .relaxed)
                rest = rest.dropFirst(sent)
            }
            return true
        }

        @discardableResult
        func write(_ text: String) -> Bool { write(text.utf8) }
    }

    let port: Int
    /// All that were ever accepted.
    var connections: [Connection] { accepted.withLock(\.self) }
    private let accepted = Mutex<[Connection]>([])
    private let listener: Int32

    init(_ handle: @escaping @Sendable (Connection) -> Void) {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(listener, address, length) == 0 && listen(listener, 64) == 0, "no port to listen on")
                getsockname(listener, address, &length)
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        DispatchQueue(label: "accept").async { [weak self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                let connection = Connection(socket: socket)
                self?.accepted.withLock { $0.append(connection) }
                DispatchQueue(label: "connection").async {
                    handle(connection)
                    close(socket)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// Answers every request of a connection with the same bytes.
    convenience init(answering response: String) {
        self.init { connection in
            while connection.readRequest() != nil { guard connection.write(response) else { return } }
        }
    }
}
