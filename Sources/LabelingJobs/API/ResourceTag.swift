package import GroundTruth

/// A tag of a job or a team.
package struct ResourceTag: Hashable, Sendable {
    package let key: String
    package let value: String
    package init(key: String, value: String) { (self.key, self.value) = (key, value) }

    /// Tags that a resource can have.
    static let maximumCount = 50
    /// On jobs that asked for a KMS key and whose outputs are not encrypted.
    static let unencrypted = ResourceTag(key: "prelabel:encryption", value: "none")
    /// What the keys of tags begin with that this service sets by itself.
    private static let ownPrefix = "prelabel:"
    /// Keys that begin so are not for users: the first are AWS's, the second this service's.
    private static let reservedPrefixes = ["aws:", ownPrefix]

    package var output: JSONOutput { ["Key": .string(key), "Value": .string(value)] }

    /// The tags of a request's `Tags`, in its order.
    ///
    /// - Throws: ``JobError`` `.invalid` for a key that stands twice or is reserved.
    package static func tags(in request: JSONValue) throws(JobError) -> [ResourceTag] {
        var tags: [ResourceTag] = []
        var seen: Set<[UInt8]> = []
        for entry in request.present("Tags")?.array ?? [] {
            guard let key = entry.present("Key")?.string, let value = entry.present("Value")?.string else {
                throw JobError(.invalid, "Tags: every tag has a Key and a Value")
            }
            try checkIsFree(key)
            guard seen.insert(Array(key.utf8)).inserted else { throw JobError(.invalid, "Tags: the key `\(key)` stands twice") }
            tags.append(ResourceTag(key: key, value: value))
        }
        return tags
    }

    /// A request without tags that this service sets by itself: who makes a job like another takes over the tags of its description.
    static func withoutOwn(_ request: JSONValue) -> JSONValue {
        guard let tags = request.present("Tags")?.array else { return request }
        let others = tags.filter { $0.present("Key")?.string?.lowercased().hasPrefix(ownPrefix) != true }
        guard others.count < tags.count else { return request }
        return request.replacing(["Tags": .array(others.map { .raw($0) })])
    }

    package static func checkIsFree(_ key: String) throws(JobError) {
        guard let prefix = reservedPrefixes.first(where: { key.lowercased().hasPrefix($0) }) else { return }
        throw JobError(.invalid, "Tags: the key `\(key)` begins with `\(prefix)`, which is reserved")
    }
}
