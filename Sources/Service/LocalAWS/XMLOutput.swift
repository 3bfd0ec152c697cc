/// An element of the XML that S3, SNS and STS answer with.
struct XMLOutput: Sendable {
    private let name: String
    private let namespace: String?
    private let content: Content

    private enum Content: Sendable {
        case text(String)
        case elements([XMLOutput])
    }

    init(_ name: String, _ text: String) { (self.name, namespace, content) = (name, nil, .text(text)) }

    init(_ name: String, namespace: String? = nil, _ elements: [XMLOutput]) {
        (self.name, self.namespace, content) = (name, namespace, .elements(elements))
    }

    /// As a document.
    var bytes: [UInt8] {
        var bytes = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8) + [0x0A]
        write(to: &bytes)
        return bytes
    }

    private func write(to bytes: inout [UInt8]) {
        bytes += "<\(name)".utf8
        if let namespace { bytes += #" xmlns="\#(namespace)""#.utf8 }
        bytes += ">".utf8
        switch content {
        case .text(let text): Self.write(text, to: &bytes)
        case .elements(let elements): for element in elements { element.write(to: &bytes) }
        }
        bytes += "</\(name)>".utf8
    }

    /// Characters that XML 1.0 does not have become U+FFFD.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": bytes += "&lt;".utf8
            case ">": bytes += "&gt;".utf8
            case "&": bytes += "&amp;".utf8
            case "\"": bytes += "&quot;".utf8
            case "\r", "\n", "\t": bytes += "&#\(scalar.value);".utf8
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: bytes += "\u{FFFD}".utf8
            default: bytes += String(scalar).utf8
            }
        }
    }
}
