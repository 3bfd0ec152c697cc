import AWS
import FoundationEssentials
import GRDB

/// A person who answers tasks. Outputs and answers carry the id; the mail address stays in the store.
package struct Worker: Sendable {
    /// `private.REGION.<16 hexadecimal digits>`, or `public.…` for somebody who came by the open link.
    package let id: String
    /// `nil` for those who came by the open link.
    package let mail: String?
    let secret: [UInt8]

    package var isPublic: Bool { id.hasPrefix(Self.publicPrefix) }
    private static let publicPrefix = "public."

    init(mail: String?, region: String) {
        id = (mail == nil ? Self.publicPrefix : "private.") + "\(region).\(hexadecimal(randomBytes(8)))"
        (self.mail, secret) = (mail, makeSecret())
    }

    init(_ row: Row) {
        let secret: Data = row["secret"]
        (id, mail, self.secret) = (row["id"], row["mail"], Array(secret))
    }

    static let columns = "id, mail, secret"

    package func pass(for purpose: AccessPass.Purpose, expires: Timestamp?) -> AccessPass {
        AccessPass(id, for: purpose, expires: expires, secret: secret)
    }

    /// A mail address in the form in which the store compares it.
    ///
    /// - Throws: ``JobError`` `.invalid` for what cannot be one.
    package static func mail(_ text: String) throws(JobError) -> String {
        guard text.utf8.count <= 254, text.wholeMatch(of: #/[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+/#) != nil else {
            throw JobError(.invalid, "`\(text)` is no mail address")
        }
        return text.lowercased()
    }
}

/// An answer that a worker has given.
package struct OwnAnswer: Sendable {
    package let number: Int
    package let submitted: Timestamp
    /// Whether the worker can still take it back: its object is not consolidated.
    package let isOpen: Bool
}

/// A job as one of its workers sees it.
package struct WorkerJob: Sendable {
    package let job: JobRecord
    /// Objects that the worker can take now.
    package let openCount: Int
    /// Objects that the worker has answered.
    package let answeredCount: Int
    /// What the worker holds.
    package let held: (number: Int, expires: Timestamp)?
    /// When the next of the open objects is no longer offered.
    package let openUntil: Timestamp?
    /// Objects that will be offered once the current batch is done.
    package let waitingCount: Int
    /// Objects of the current batch that others work on, or that wait for consolidation.
    package let elsewhereCount: Int
}
