import Glibc
package import SystemPackage

/// The few calls of the file system that swift-system does not have; each pointer stays in its call.
extension FilePath {
    /// The path with every link followed; `nil` when something on the way does not exist.
    package func resolvingLinks() -> FilePath? {
        unsafe withPlatformString { path in
            guard let resolved = unsafe realpath(path, nil) else { return nil }
            defer { unsafe free(resolved) }
            return unsafe FilePath(platformString: resolved)
        }
    }

    package var exists: Bool { (try? stat()) != nil }
    package var isFolder: Bool { (try? stat().type) == .directory }
    var isLink: Bool { (try? stat(followTargetSymlink: false).type) == .symbolicLink }

    /// Gives the file a second name, which must be free.
    func link(to target: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { source in
            unsafe target.withPlatformString { unsafe Glibc.link(source, $0) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    package func rename(to target: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { source in
            unsafe target.withPlatformString { unsafe Glibc.rename(source, $0) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Waits until nobody else holds the folder's lock, which closing ends, as the end of the process does.
    ///
    /// - Returns: `nil` where the file system knows no locks, and where somebody has held this one for five seconds: a program that
    ///   stands still must not hold up all others.
    func lockedForWriters() -> FileDescriptor? {
        guard let folder = try? FileDescriptor.open(self, .readOnly, options: [.directory, .closeOnExec]) else { return nil }
        for _ in 0..<5000 {
            if flock(folder.rawValue, LOCK_EX | LOCK_NB) == 0 { return folder }
            guard errno == EWOULDBLOCK || errno == EINTR else { break }
            usleep(1000)
        }
        try? folder.close()
        return nil
    }
}

extension FileDescriptor {
    /// A file without a name, for writing; `nil` where the file system has none, or no `/proc` to name it by later.
    static func unnamed(in folder: FilePath, permissions: FilePermissions) -> FileDescriptor? {
        // O_TMPFILE, a macro that Swift does not see.
        let options = OpenOptions(rawValue: 0o20_000_000 | O_DIRECTORY | O_CLOEXEC)
        guard let file = try? FileDescriptor.open(folder, .writeOnly, options: options, permissions: permissions) else {
            return nil
        }
        guard file.processPath.exists else {
            try? file.close()
            return nil
        }
        return file
    }

    /// Gives an unnamed file its name, which must be free.
    func link(to target: FilePath) throws(Errno) {
        let result = unsafe processPath.withPlatformString { source in
            unsafe target.withPlatformString { unsafe linkat(AT_FDCWD, source, AT_FDCWD, $0, AT_SYMLINK_FOLLOW) }
        }
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    private var processPath: FilePath { FilePath("/proc/self/fd/\(rawValue)") }

    /// - Returns: The next bytes of the file, none at its end.
    package func read(upTo count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            initializedCount = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// - Returns: The bytes from an offset on, fewer at the end of the file.
    package func read(upTo count: Int, at offset: Int64) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            while initializedCount < count {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[initializedCount...])
                let read = try unsafe read(fromAbsoluteOffset: offset + Int64(initializedCount), into: rest)
                guard read > 0 else { return }
                initializedCount += read
            }
        }
    }

    /// Makes what was written survive a loss of power.
    func synchronize() throws(Errno) {
        guard fsync(rawValue) == 0 else { throw Errno(rawValue: errno) }
    }
}
