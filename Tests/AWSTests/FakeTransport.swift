import Synchronization
import Transport

/// Answers requests as a test says, and keeps them.
final class FakeTransport: HTTPTransport {
    struct Answer: Sendable {
        var status = 200
        var headers: HTTPHeaders = [:]
        var pieces: [String] = []
        /// How the body ends.
        var failure: TransportError?

        init(_ status: Int = 200, _ body: String = "", headers: HTTPHeaders = [:], failure: TransportError? = nil) {
            (self.status, self.headers, self.failure) = (status, headers, failure)
            pieces = body.isEmpty ? [] : [body]
        }
    }

    var requests: [OutgoingRequest] { sent.withLock(\.self) }
    private let sent = Mutex<[OutgoingRequest]>([])
    private let answer: @Sendable (OutgoingRequest, Int) throws(TransportError) -> Answer

    /// - Parameter answer: Gets the request and how many there were before.
    init(_ answer: @escaping @Sendable (OutgoingRequest, Int) throws(TransportError) -> Answer) { self.answer = answer }

    /// Answers the requests in turn; the last answer stands for all that follow.
    convenience init(_ answers: Answer...) {
        self.init { _, number in answers[min(number, answers.count - 1)] }
    }

    func send(_ request: OutgoingRequest) async throws(TransportError) -> IncomingResponse {
        let number = sent.withLock { sent in
            sent.append(request)
            return sent.count - 1
        }
        let answer = try answer(request, number)
        return IncomingResponse(status: answer.status, headers: answer.headers, body: FakeBody(answer))
    }

    private final class FakeBody: ResponseBody {
        private let rest: Mutex<[String]>
        private let failure: TransportError?

        init(_ answer: Answer) {
            rest = Mutex(answer.pieces)
            failure = answer.failure
        }

        func next() async throws(TransportError) -> [UInt8]? {
            let piece = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            if let piece { return Array(piece.utf8) }
            if let failure { throw failure }
            return nil
        }
    }
}

extension OutgoingRequest {
    /// The body of a request that is not streamed.
    var text: String {
        if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
