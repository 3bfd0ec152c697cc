package import AWS
import FoundationEssentials
import Transport

/// Objects in Amazon S3, or in what speaks its protocol; files are themselves.
package struct S3Store: ObjectStore {
    private let files: FolderStore
    private let access: S3Access
    private let settings: S3StoreSettings

    /// - Parameter makeClient: Called when the first object of S3 is named: who names files only needs no credentials.
    /// - Throws: ``StorageError``.
    package init(
        settings: S3StoreSettings, makeClient: @escaping @Sendable () throws(AWSError) -> S3Client
    ) throws(StorageError) {
        files = try FolderStore(data: nil)
        access = S3Access(makeClient)
        self.settings = settings
    }

    private init(files: FolderStore, access: S3Access, settings: S3StoreSettings) {
        (self.files, self.access, self.settings) = (files, access, settings)
    }

    package func acting(as roleARN: String) throws(StorageError) -> any ObjectStore {
        let access = access
        let acting = S3Access { () throws(AWSError) in
            try S3Client(session: try access.client().session.acting(as: roleARN))
        }
        return S3Store(files: files, access: acting, settings: settings)
    }

    /// Whether there are credentials; objects are not asked for, since no bucket is more of a sign than another.
    package var isReachable: Bool {
        get async { (try? await access.client().session.credentials.credentials(rejecting: nil)) != nil }
    }

    // MARK: Objects

    package func read(
        _ uri: ObjectURI, range: Range<Int>?, piece: (ArraySlice<UInt8>) async throws -> Void
    ) async throws {
        guard case .s3(let bucket, let key) = uri else { return try await files.read(uri, range: range, piece: piece) }
        try check(uri)
        do {
            try await access.client().read(bucket: bucket, key: key, range: range, piece: piece)
        } catch let error as AWSError {
            throw StorageError(error, uri: uri)
        }
    }

    package func info(of uri: ObjectURI) async throws(StorageError) -> ObjectInfo {
        guard case .s3(let bucket, let key) = uri else { return try await files.info(of: uri) }
        try check(uri)
        let info = try await naming(uri) { client throws(AWSError) in try await client.head(bucket: bucket, key: key) }
        return ObjectInfo(size: info.size, contentType: info.contentType)
    }

    package func writer(to uri: ObjectURI, options: WriteOptions) throws(StorageError) -> any ObjectWriter {
        guard case .s3(let bucket, let key) = uri else { return try files.writer(to: uri, options: options) }
        try check(uri)
        var put = S3PutOptions()
        put.contentType = options.contentType ?? ContentType.of(key)
        put.kmsKeyID = options.kmsKeyID ?? (options.usesStoreKey ? nil : settings.kmsKeyID)
        put.usesStoreKey = options.usesStoreKey
        put.onlyIfAbsent = options.onlyIfAbsent
        let options = put
        return S3Writer(name: "\(uri)") { body throws(StorageError) in
            do throws(AWSError) {
                try await access.client().put(body, bucket: bucket, key: key, options: options)
            } catch {
                guard options.onlyIfAbsent, error.code == .preconditionFailed else { throw StorageError(error, uri: uri) }
                throw StorageError(.exists, "\(uri) exists already")
            }
        }
    }

    package func delete(_ uri: ObjectURI) async throws(StorageError) -> Bool {
        guard case .s3(let bucket, let key) = uri else { return try await files.delete(uri) }
        do {
            _ = try await info(of: uri)
        } catch {
            if error.code == .notFound { return false }
            throw error
        }
        try await naming(uri) { client throws(AWSError) in try await client.delete(bucket: bucket, key: key) }
        return true
    }

    /// A URL with which anybody can read an object for a time.
    package func presignedURL(of uri: ObjectURI, lifetimeSeconds: Int) async throws(StorageError) -> String {
        // Files need no credentials to be refused.
        guard case .s3 = uri else { throw Self.hasNoURL(uri) }
        return try await makePresigner(lifetimeSeconds: lifetimeSeconds)(uri)
    }

    package func presigner(lifetimeSeconds: Int) async throws(StorageError) -> Presigner? {
        try await makePresigner(lifetimeSeconds: lifetimeSeconds)
    }

    private func makePresigner(lifetimeSeconds: Int) async throws(StorageError) -> Presigner {
        let presigned: @Sendable (String, String) throws(AWSError) -> HTTPURL
        do {
            presigned = try await access.client().presigner(lifetimeSeconds: lifetimeSeconds)
        } catch {
            // No object is named yet: it is about credentials or settings.
            throw StorageError(error, uri: .s3(bucket: "", key: ""))
        }
        return { uri throws(StorageError) in
            guard case .s3(let bucket, let key) = uri else { throw Self.hasNoURL(uri) }
            try check(uri)
            do throws(AWSError) {
                return "\(try presigned(bucket, key))"
            } catch {
                throw StorageError(error, uri: uri)
            }
        }
    }

    private static func hasNoURL(_ uri: ObjectURI) -> StorageError {
        StorageError(.unsupported, "\(uri) is a file, and there are presigned URLs of s3:// objects only")
    }

    // MARK: Listing

    /// A folder comes before an object of its name, and an object before the keys that begin with its name. Keys that end in a slash
    /// are marks of folders and no objects.
    package func listing(of uri: ObjectURI) async throws(StorageError) -> ObjectListing {
        guard case .s3(let bucket, let key) = uri else { return try await files.listing(of: uri) }
        try check(uri, mayBeBucket: true)
        do {
            let isFolderKey = key.isEmpty || key.hasSuffix("/")
            let folder = isFolderKey ? key : "\(key)/"
            let names = try await names(bucket: bucket, prefix: folder, below: folder)
            if !names.isEmpty { return .folder(base: .s3(bucket: bucket, key: Self.base(folder)), names: names) }
            if isFolderKey { return .missing }
            let first = try await naming(uri) { client throws(AWSError) in
                try await client.keys(bucket: bucket, prefix: key, limit: 1).first
            }
            guard let first else { return .missing }
            if first.utf8.elementsEqual(key.utf8) { return .object }
            // A prefix need not end at a slash: `scans/2024-` stands for everything that begins so.
            let parent = String(key[..<(key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex)])
            let named = try await self.names(bucket: bucket, prefix: key, below: parent)
            return named.isEmpty ? .missing : .folder(base: .s3(bucket: bucket, key: Self.base(parent)), names: named)
        } catch {
            if error.code == .notFound { return .missing }
            throw error
        }
    }

    /// - Parameter folder: Ends in a slash, or is empty; the prefix begins with it.
    private func names(bucket: String, prefix: String, below folder: String) async throws(StorageError) -> [String] {
        let keys = try await naming(.s3(bucket: bucket, key: prefix)) { client throws(AWSError) in
            try await client.keys(bucket: bucket, prefix: prefix)
        }
        return keys.filter { !$0.hasSuffix("/") }.map { String(decoding: $0.utf8.dropFirst(folder.utf8.count), as: UTF8.self) }
    }

    /// The key to which names are appended with one slash.
    private static func base(_ folder: String) -> String { folder.hasSuffix("//") ? folder : String(folder.dropLast()) }

    // MARK: Rules

    private func check(_ uri: ObjectURI, mayBeBucket: Bool = false) throws(StorageError) {
        guard case .s3(let bucket, let key) = uri else { return }
        guard settings.buckets?.contains(bucket) ?? true else {
            throw StorageError(.notAllowed, "\(uri): the bucket is none of those that PRELABEL_BUCKETS names")
        }
        guard mayBeBucket || !key.isEmpty else { throw StorageError(.badURI, "\(uri) is a bucket; name an object in it") }
    }

    private func naming<Result>(
        _ uri: ObjectURI, _ body: (S3Client) async throws(AWSError) -> Result
    ) async throws(StorageError) -> Result {
        do {
            return try await body(try access.client())
        } catch {
            throw StorageError(error, uri: uri)
        }
    }
}
