import AWS
import Synchronization

/// The client for S3, made when it is first needed.
final class S3Access: Sendable {
    private let make: @Sendable () throws(AWSError) -> S3Client
    private let made = Mutex<Result<S3Client, AWSError>?>(nil)

    init(_ make: @escaping @Sendable () throws(AWSError) -> S3Client) { self.make = make }

    func client() throws(AWSError) -> S3Client {
        let result = made.withLock { made in
            let result = made ?? Result { () throws(AWSError) in try make() }
            made = result
            return result
        }
        return try result.get()
    }
}
