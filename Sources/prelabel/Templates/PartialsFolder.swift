import Liquid
import Storage
import SystemPackage

/// The folder that a template's partials come from. A partial is a file named as it is included, and nothing outside of the folder is
/// one: no `..`, no absolute path, no link that leads out.
struct PartialsFolder: Sendable {
    private let root: FilePath

    /// - Throws: ``CommandFailure`` `.missingInput` when there is no such folder.
    init(_ path: String) throws(CommandFailure) {
        guard let root = Settings.currentFolder.pushing(FilePath(path)).resolvingLinks() else {
            throw CommandFailure(status: .missingInput, message: "there is no folder \(path) for --partials")
        }
        self.root = root
    }

    /// - Returns: `nil` when there is no such file in the folder.
    func text(of name: String) throws -> String? {
        let path = FilePath(name)
        let isInside =
            !name.isEmpty && !name.utf8.contains(0) && path.isRelative
            && path.components.allSatisfy { $0.kind == .regular }
        guard isInside else { throw Refusal(reason: "a partial's name is a path inside the folder") }
        guard let file = root.pushing(path).resolvingLinks() else { return nil }
        guard file.starts(with: root) else { throw Refusal(reason: "it is a link that leads out of the folder") }
        let descriptor = try FileDescriptor.open(file, .readOnly)
        let bytes = try descriptor.closeAfter {
            var bytes: [UInt8] = []
            while bytes.count <= Limits().templateBytes {
                let piece = try descriptor.read(upTo: 1 << 16)
                if piece.isEmpty { break }
                bytes += piece
            }
            return bytes
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Refusal(reason: "it is not UTF-8") }
        return text
    }

    private struct Refusal: Error, CustomStringConvertible {
        let reason: String
        var description: String { reason }
    }
}
