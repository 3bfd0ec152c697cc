/// What the ending of a name says of its object's bytes, for those who read it over HTTP.
package enum ContentType {
    private static let byEnding = [
        "csv": "text/csv; charset=utf-8", "html": "text/html; charset=utf-8", "jpeg": "image/jpeg", "jpg": "image/jpeg",
        "json": "application/json", "jsonl": "application/jsonlines", "manifest": "application/jsonlines", "pdf": "application/pdf",
        "png": "image/png", "tif": "image/tiff", "tiff": "image/tiff", "txt": "text/plain; charset=utf-8",
    ]

    package static func of(_ name: String) -> String? {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        return byEnding[name[dot...].dropFirst().lowercased()]
    }
}
