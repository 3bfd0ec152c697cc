import Functions
import Logging

/// Log lines on standard error as a person reads them.
struct ConsoleLog: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        Terminal.say("\(event.level): \(event.message)\(details.isEmpty ? "" : " (\(details.joined(separator: " ")))")")
    }

    /// What is logged where neither a caller nor PRELABEL_LOG_LEVEL says it.
    @TaskLocal static var standardLevel = Logger.Level.info

    /// On a terminal plain text, elsewhere JSON.
    ///
    /// - Parameter level: Without one what PRELABEL_LOG_LEVEL says.
    static func logger(level: Logger.Level? = nil) -> Logger {
        let level = level ?? Settings.string("LOG_LEVEL").flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? standardLevel
        return Logger(label: "prelabel") { _ in
            if Terminal.isErrorATerminal { ConsoleLog(logLevel: level) } else { JSONLog(level: level, write: Terminal.log) }
        }
    }
}
