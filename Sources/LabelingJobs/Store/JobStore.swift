import FoundationEssentials
import GRDB

/// Jobs, objects, tasks and answers in SQLite. Every method is one transaction: what it answers is on disk.
///
/// SQLite's write-ahead log with `synchronous = NORMAL` keeps every acknowledged answer when the process is killed; after a loss of
/// power the last moments may be missing, and nothing is torn.
package struct JobStore: Sendable {
    private let pool: DatabasePool
    /// A connection that only carries the log into the store.
    private let checkpoints: DatabaseQueue

    /// Pages of the log after which a commit carries it over itself: 80 MB, where nobody calls ``checkpoint()``.
    private static let maximumLogPages = 20_000

    /// Opens a store, makes it where there is none, and brings an older one up to date.
    ///
    /// - Parameter path: The file; SQLite puts two more beside it. Its folder is made where it is missing.
    /// - Throws: ``JobError`` `.storeTooNew` or `.storeFailed`.
    package init(path: String) throws(JobError) {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.maximumLogPages)") }
        do {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.write { try Schema.migrate($0) }
            checkpoints = try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as JobError {
            throw error
        } catch {
            throw JobError(.storeFailed, "the job store \(path) cannot be opened: \(error)")
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(JobError) -> Value {
        do { return try await pool.read(body) } catch { throw Self.failure(error) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(JobError) -> Value {
        do { return try await pool.write(body) } catch { throw Self.failure(error) }
    }

    /// Carries the write-ahead log into the store, beside whoever writes. It waits for the disk; a commit that did it would hold up every
    /// worker's answer for as long.
    package func checkpoint() async throws(JobError) {
        do {
            try await checkpoints.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        } catch {
            throw Self.failure(error)
        }
    }

    private static func failure(_ error: any Error) -> JobError {
        error as? JobError ?? JobError(.storeFailed, "the job store failed: \(error)")
    }

    /// Copies the store, as it is at one moment, into a new file while others go on working.
    ///
    /// - Throws: ``JobError`` `.storeFailed`.
    package func backup(to path: String) async throws(JobError) {
        do {
            let copy = try DatabaseQueue(path: path)
            try pool.backup(to: copy)
            try copy.close()
        } catch {
            throw JobError(.storeFailed, "the job store cannot be copied to \(path): \(error)")
        }
    }

    /// Puts a backup in the place of a store. The store that there was is kept as `PATH.before-restore`.
    ///
    /// - Throws: ``JobError`` `.inUse` while another program uses the store, `.storeTooNew`, or `.storeFailed` when the file is no backup.
    package static func restore(from backup: String, to path: String) async throws(JobError) {
        let files = FileManager.default
        do {
            let arriving = path + ".restoring"
            try? files.removeItem(atPath: arriving)
            let source = try DatabaseQueue(path: backup, configuration: readOnly)
            let copy = try DatabaseQueue(path: arriving)
            try source.backup(to: copy)
            try await copy.write { try Schema.migrate($0) }
            try copy.close()
            if files.fileExists(atPath: path) { try setAside(path) }
            try files.moveItem(atPath: arriving, toPath: path)
        } catch {
            throw failure(error)
        }
    }

    private static var readOnly: Configuration {
        var configuration = Configuration()
        configuration.readonly = true
        return configuration
    }

    /// Renames a store that nobody uses. Leaving the write-ahead log takes the sole use of a store.
    private static func setAside(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        do {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
            try queue.close()
        } catch {
            throw JobError(.inUse, "the job store \(path) is in use: stop the service first")
        }
        let aside = path + ".before-restore"
        try? FileManager.default.removeItem(atPath: aside)
        try FileManager.default.moveItem(atPath: path, toPath: aside)
    }
}
