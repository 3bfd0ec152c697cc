import AWS
package import SystemPackage
package import Transport

/// What is set for objects in S3 beside AWS's own settings.
package struct S3StoreSettings: Sendable {
    /// The buckets that may be named; `nil`: all that the credentials reach.
    package var buckets: Set<String>?
    /// Encrypts what is written; `nil` leaves it to the bucket.
    package var kmsKeyID: String?
    /// How long one operation goes on without any progress.
    package var timeout: Duration = .seconds(60)

    package init() {}

    /// `PRELABEL_BUCKETS` (parted by commas), `PRELABEL_KMS_KEY_ID`, `PRELABEL_STORE_TIMEOUT_SECONDS`.
    ///
    /// - Throws: ``StorageError`` `.badSetting`.
    package init(environment: [String: String], transport: (any HTTPTransport)? = nil) throws(StorageError) {
        func value(_ name: String) -> String? { environment["PRELABEL_\(name)"].flatMap { $0.isEmpty ? nil : $0 } }
        buckets = value("BUCKETS").map { names in
            Set(names.split { $0 == "," || $0 == " " }.map { String($0) })
        }
        kmsKeyID = value("KMS_KEY_ID")
        guard let seconds = value("STORE_TIMEOUT_SECONDS") else { return }
        guard let count = Double(seconds), count > 0, count <= 86_400 else {
            throw StorageError(.badSetting, "PRELABEL_STORE_TIMEOUT_SECONDS is `\(seconds)`, expected seconds, at most 86400")
        }
        timeout = .seconds(count)
    }
}

/// The store that the settings of a program describe: a data folder, or else S3.
///
/// - Parameter keyHandling: That of a data folder.
/// - Throws: ``StorageError``.
package func objectStore(
    data: FilePath?, environment: [String: String], keyHandling: FolderStore.KeyHandling = .refused,
    transport: (any HTTPTransport)? = nil
) throws(StorageError) -> any ObjectStore {
    guard let data, !data.isEmpty else { return try S3Store(environment: environment, transport: transport) }
    guard try S3StoreSettings(environment: environment).kmsKeyID == nil else {
        throw StorageError(.unsupported, "a data folder cannot encrypt: set either its name or PRELABEL_KMS_KEY_ID")
    }
    return try FolderStore(data: data, keyHandling: keyHandling)
}

extension S3Store {
    /// S3 as an environment describes it: AWS's variables and profiles, and ours.
    ///
    /// - Throws: ``StorageError`` `.badSetting` for one of our settings; what is wrong with AWS's is thrown when an object is named.
    package init(environment: [String: String], transport: (any HTTPTransport)? = nil) throws(StorageError) {
        let settings = try S3StoreSettings(environment: environment)
        try self.init(settings: settings) { () throws(AWSError) in
            var policy = RetryPolicy()
            policy.deadline = settings.timeout
            let transport = transport ?? CurlTransport(settings: TransportSettings(environment: environment))
            let session = try AWSSession(
                settings: try AWSSettings(environment: environment), transport: transport, policy: policy)
            return try S3Client(session: session)
        }
    }
}
