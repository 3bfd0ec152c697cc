import FoundationEssentials
import GroundTruth
package import Logging

/// Log lines as JSON objects: `level`, `message`, `time` (UTC), and what else is known of them, sorted by key.
///
/// Texts of pages and workers' answers are not logged above `debug`; the parts of Prelabel that log keep to that.
package struct JSONLog: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: Takes a line with its LF.
    package init(level: Logger.Level, write: @escaping @Sendable ([UInt8]) -> Void) { (logLevel, self.write) = (level, write) }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members: [String: JSONOutput] = [
            "level": .string("\(event.level)"), "message": .string("\(event.message)"),
            "time": .string(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) {
            members[key] = .string("\(value)")
        }
        write(JSONOutput.object(members).bytes + [0x0A])
    }
}
