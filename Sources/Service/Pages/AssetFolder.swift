import FoundationEssentials
import Storage
package import SystemPackage

/// The static files of the pages, held in memory: what is not there at the start is not served, whatever a path says.
package struct AssetFolder: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let contentType: String
        /// Quoted, as `ETag` has it.
        let eTag: String
    }

    private let files: [String: File]

    /// - Throws: ``ConfigurationError`` when there is no such folder or it holds no scripts.
    package init(_ folder: FilePath) throws(ConfigurationError) {
        var files: [String: File] = [:]
        do {
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder.string) {
                guard Self.isServed(name), let contentType = ContentType.of(name) else { continue }
                guard let data = FileManager.default.contents(atPath: folder.appending(name).string) else { continue }
                let bytes = Array(data)
                files[name] = File(bytes: bytes, contentType: contentType, eTag: "\"\(sha256Hex(bytes).prefix(32))\"")
            }
        } catch {
            throw ConfigurationError("the pages' files cannot be read from \(folder): \(error)")
        }
        guard files[Self.crowdElements] != nil else {
            throw ConfigurationError("\(folder) holds no \(Self.crowdElements); reinstall the program's files")
        }
        self.files = files
    }

    static let crowdElements = "crowd/crowd-html-elements.js"

    private static func isServed(_ name: String) -> Bool {
        [".js", ".css", ".html", ".svg", ".png"].contains { name.hasSuffix($0) } && !name.hasPrefix(".") && !name.contains("/.")
    }

    /// - Parameter name: Below the folder, such as `crowd/form.js`.
    subscript(name: String) -> File? { files[name] }
}
