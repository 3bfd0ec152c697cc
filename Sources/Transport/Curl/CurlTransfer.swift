import CCurl
import Glibc

/// One easy handle, with its callbacks. Lives on the loop's thread.
final class CurlTransfer {
    private static let smallBodyBytes = 1 << 14

    let easy: UnsafeMutableRawPointer
    let exchange: Exchange
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// The body's next byte to send.
    private var bodyOffset = 0
    private var bodyError: String?
    private var status = 0
    private var headers = HTTPHeaders()
    private var isHeadComplete = false
    /// When a byte last moved, or the caller last kept curl waiting. (curl's own low-speed limit averages over five seconds.)
    private var lastProgress = ContinuousClock.now

    init(exchange: Exchange, settings: TransportSettings) throws(TransportError) {
        guard let easy = curl_easy_init() else { preconditionFailure("libcurl has no memory") }
        (self.easy, self.exchange) = (easy, exchange)
        errorText.pointee = 0
        setTarget(exchange.request)
        setBody(exchange.request)
        setHeaders(exchange.request, userAgent: settings.userAgent)
        setLimits(exchange.request, settings)
        setCallbacks()
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    // MARK: Settings

    private func setTarget(_ request: OutgoingRequest) {
        prelabel_set_string(easy, CURLOPT_URL, "\(request.url)")
        prelabel_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // Else `..` in keys is folded.
        prelabel_set_number(easy, CURLOPT_PATH_AS_IS, 1)
        // Pausing one of several streams of an HTTP/2 connection stops the others.
        prelabel_set_number(easy, CURLOPT_HTTP_VERSION, prelabel_http_1_1())
        if !request.usesProxy { prelabel_set_string(easy, CURLOPT_PROXY, "") }
        prelabel_set_number(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func setBody(_ request: OutgoingRequest) {
        defer { prelabel_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method) }
        // In one packet with the head, so that the server wakes once.
        if case .bytes(let bytes) = request.body, (1..<Self.smallBodyBytes).contains(bytes.count) {
            prelabel_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
            _ = bytes.withUnsafeBytes { prelabel_copy_body(easy, $0.baseAddress) }
            return
        }
        let length: Int? =
            switch request.body {
            case .none: nil
            case .bytes(let bytes): bytes.count
            case .source(let length, _): length
            }
        if let length {
            prelabel_set_number(easy, CURLOPT_UPLOAD, 1)
            prelabel_set_size(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(length))
        } else if request.method == "HEAD" {
            prelabel_set_number(easy, CURLOPT_NOBODY, 1)
        }
    }

    private func setHeaders(_ request: OutgoingRequest, userAgent: String) {
        // Without `Expect` curl does not wait for a server's leave to send the body.
        // Nor does it then name a type for a body that has none.
        let names = ["Expect:", "Accept:"] + (request.headers["Content-Type"] == nil ? ["Content-Type:"] : [])
        for line in names { headerList = curl_slist_append(headerList, line) }
        for field in request.headers.fields {
            headerList = curl_slist_append(headerList, field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        prelabel_set_headers(easy, headerList)
        prelabel_set_string(easy, CURLOPT_USERAGENT, userAgent)
    }

    private func setLimits(_ request: OutgoingRequest, _ settings: TransportSettings) {
        // Signals belong to the process, not to one of its threads.
        prelabel_set_number(easy, CURLOPT_NOSIGNAL, 1)
        prelabel_set_number(easy, CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.milliseconds)
        if let deadline = request.deadline { prelabel_set_number(easy, CURLOPT_TIMEOUT_MS, deadline.milliseconds) }
        prelabel_set_number(easy, CURLOPT_BUFFERSIZE, 1 << 17)
        if let file = settings.certificateFile { prelabel_set_string(easy, CURLOPT_CAINFO, file) }
    }

    /// The handle's context is this object, which lives until after the handle is removed from the loop.
    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        prelabel_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            prelabel_set_pointer(easy, option, context)
        }
        prelabel_set_transfer(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlTransfer.of(context).receive(UnsafeBufferPointer(start: bytes, count: size * count))
        }
        prelabel_set_transfer(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlTransfer.of(context).receiveHeader(UnsafeBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        prelabel_set_transfer(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            CurlTransfer.of(context).send(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
        }
        prelabel_set_seek(easy) { context, offset, origin in
            guard origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
            CurlTransfer.of(context).bodyOffset = Int(offset)
            return CURL_SEEKFUNC_OK
        }
        // Processes that this one starts do not hold its connections open.
        prelabel_set_sockopt(easy) { _, socket, _ in
            _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
            return CURL_SOCKOPT_OK
        }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer {
        guard let context else { preconditionFailure("a callback of curl without its transfer") }
        return Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Whether no byte has moved for longer than the request allows.
    func isStalled(at now: ContinuousClock.Instant) -> Bool {
        guard let stallTimeout = exchange.request.stallTimeout else { return false }
        if exchange.isPaused { lastProgress = now }
        return now - lastProgress > stallTimeout
    }

    // MARK: Callbacks

    private func receive(_ bytes: UnsafeBufferPointer<CChar>) -> Int {
        lastProgress = .now
        return bytes.withMemoryRebound(to: UInt8.self) { exchange.receive($0) ? bytes.count : prelabel_write_pause() }
    }

    /// A status line begins a head, an empty line ends it; what follows a body are trailers, which nobody asked for.
    private func receiveHeader(_ bytes: UnsafeBufferPointer<CChar>) {
        lastProgress = .now
        guard !isHeadComplete else { return }
        let line = String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = HTTPHeaders()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if line.isEmpty {
            // An interim response (1xx) precedes the one that counts.
            guard status >= 200 else { return }
            isHeadComplete = true
            exchange.receive(status: status, headers: headers)
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            headers.add(String(line[..<colon]), Self.trimmed(line[colon...].dropFirst()))
        }
    }

    private static func trimmed(_ value: Substring) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let utf8 = value.utf8.drop(while: isBlank)
        let end = utf8.lastIndex { !isBlank($0) }.map { utf8.index(after: $0) } ?? utf8.startIndex
        return String(Substring(utf8[..<end]))
    }

    private func send(_ space: UnsafeMutableRawBufferPointer) -> Int {
        lastProgress = .now
        switch exchange.request.body {
        case .none: return 0
        case .bytes(let bytes):
            let piece = bytes[min(bodyOffset, bytes.count)...].prefix(space.count)
            space.copyBytes(from: piece)
            bodyOffset += piece.count
            return piece.count
        case .source(let length, let read):
            let count = min(space.count, length - bodyOffset)
            guard count > 0 else { return 0 }
            do {
                let piece = try read(bodyOffset, count)
                guard !piece.isEmpty else { throw TransportError(.unreadableBody, "it ends at byte \(bodyOffset) of \(length)") }
                space.copyBytes(from: piece.prefix(count))
                bodyOffset += min(piece.count, count)
                return min(piece.count, count)
            } catch {
                bodyError = "\(error)"
                return prelabel_read_abort()
            }
        }
    }

    // MARK: The end

    /// What curl's code for the end of the transfer means.
    func ending(_ code: CURLcode) -> Result<Void, TransportError> {
        if code == CURLE_OK { return .success(()) }
        let name = exchange.request.name
        if let bodyError { return .failure(TransportError(.unreadableBody, "\(name): the body cannot be read: \(bodyError)")) }
        let specific = String(cString: errorText)
        let reason = specific.isEmpty ? String(cString: curl_easy_strerror(code)) : specific
        return .failure(TransportError(TransportError.Code(code), "\(name): \(reason)"))
    }
}

extension TransportError.Code {
    fileprivate init(_ code: CURLcode) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT: self = .unreachable
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR: self = .connectionLost
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CIPHER: self = .untrusted
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: self = .badRequest
        default: self = .failed
        }
    }
}

extension Duration {
    /// Whole milliseconds, at least one.
    fileprivate var milliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
