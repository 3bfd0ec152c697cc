import Foundation
import GroundTruth
import Logging

/// Log lines on standard error: plain text on a terminal, JSON elsewhere.
struct ConsoleLog: LogHandler {
    var logLevel: Logger.Level = .info
    var metadata: Logger.Metadata = [:]
    private let isPlain = Terminal.isErrorATerminal

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        guard !isPlain else {
            let details = all.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            return Terminal.say("\(event.level): \(event.message)\(details.isEmpty ? "" : " (\(details))")")
        }
        var members: [String: JSONOutput] = [
            "level": .string("\(event.level)"), "message": .string("\(event.message)"),
            "time": .string(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))),
        ]
        for (key, value) in all { members[key] = .string("\(value)") }
        Terminal.say(String(decoding: JSONOutput.object(members).bytes, as: UTF8.self))
    }

    static func logger(level: Logger.Level = .info) -> Logger {
        Logger(label: "prelabel") { _ in ConsoleLog(logLevel: level) }
    }
}
