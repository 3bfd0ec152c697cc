import ArgumentParser
import Storage

/// A message from a file or from standard input.
struct EventInput: ParsableArguments {
    @Argument(help: ArgumentHelp("The event as JSON; - is standard input.", valueName: "event"))
    var event = "-"

    static let maximumBytes = 256 << 20

    func read(from store: any ObjectStore) async throws -> [UInt8] {
        guard event != "-" else { return try Terminal.readInput() }
        return try await store.get(ObjectURI(typed: event), atMost: Self.maximumBytes)
    }
}
