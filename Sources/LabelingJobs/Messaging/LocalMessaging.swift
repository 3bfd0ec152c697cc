import FoundationEssentials
import GRDB

/// Topics and queues in the job store, for who has no Amazon SNS and SQS: what those promise, on one machine.
///
/// A message is on disk when `publish` or `send` returns, goes to every queue that is subscribed at that moment, and is handed out until
/// somebody deletes it or its queue's retention ends: at least once, in no promised order.
package struct LocalMessaging: Sendable {
    /// The longest message, in bytes of UTF-8.
    package static let maximumMessageBytes = 256 << 10

    let store: JobStore
    let clock: JobClock
    /// The owner of everything here.
    package let account: String

    package init(store: JobStore, account: String, clock: JobClock = .system) {
        (self.store, self.account, self.clock) = (store, account, clock)
    }

    static func makeID() -> String { UUID().uuidString.lowercased() }

    /// Letters, digits, hyphens and underscores, as SNS and SQS have it for topics and queues that are not FIFO.
    static func isName(_ name: String, atMost maximum: Int) -> Bool {
        (1...maximum).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    static func check(message: String, attributes: [MessageAttribute] = []) throws(JobError) {
        guard !message.isEmpty else { throw JobError(.invalid, "the message is empty") }
        let count = attributes.reduce(message.utf8.count) { $0 + $1.byteCount }
        guard count <= maximumMessageBytes else {
            let what = attributes.isEmpty ? "the message has" : "the message and its attributes have"
            throw JobError(.invalid, "\(what) \(count) bytes; a message may have \(maximumMessageBytes)")
        }
    }
}
