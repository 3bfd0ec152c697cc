import Synchronization

/// The regions of buckets that turned out to lie elsewhere than the settings say.
final class BucketRegions: Sendable {
    private let known = Mutex<[String: String]>([:])

    subscript(bucket: String) -> String? { known.withLock { $0[bucket] } }

    func note(_ region: String, of bucket: String) { known.withLock { $0[bucket] = region } }
}
