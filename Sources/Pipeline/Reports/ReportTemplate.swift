package import GroundTruth
package import Storage
package import SystemPackage

/// A report that is one HTML file: a template, the style and script that reports share, and the data.
package struct ReportTemplate: Sendable {
    private let html: String

    /// - Parameters:
    ///   - name: Of the template, such as `demo.html`.
    ///   - folder: The project's `Fixtures`.
    /// - Throws: `StorageError` when a file is missing.
    package init(_ name: String, fixtures folder: FilePath, store: any ObjectStore) async throws {
        func file(_ name: String) async throws -> String {
            String(
                decoding: try await store.get(.file(folder.appending("reports").appending(name)), atMost: 1 << 20), as: UTF8.self)
        }
        let (style, script) = (try await file("page.css"), try await file("page.js"))
        html = try await file(name).replacing("{{STYLE}}", with: style).replacing("{{SCRIPT}}", with: script)
    }

    package func page(_ data: JSONOutput) -> [UInt8] {
        // The data stand in a script element: no text of a page may close it.
        let json = String(decoding: data.bytes, as: UTF8.self).replacing("<", with: #"\u003c"#)
        return Array(html.replacing("{{DATA}}", with: json).utf8)
    }
}
