import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM while a long run works: the first asks it to stop, a second ends the program at once.
final class Interruption: Sendable {
    /// The signal that came; 0 for none.
    private let received = Atomic<Int32>(0)

    private let isEnded = Atomic<Bool>(false)
    private static let signals = [SIGINT, SIGTERM]

    /// From here on the two signals come here, until ``end()``.
    init() {
        for number in Self.signals {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler holds its source: both are there until the program ends.
            source.setEventHandler { [self] in withExtendedLifetime(source) { receive(number) } }
            source.resume()
        }
    }

    /// The signals end the program again, or come to whoever asks for them next.
    func end() {
        isEnded.store(true, ordering: .releasing)
        for number in Self.signals { signal(number, SIG_DFL) }
    }

    var isStopped: Bool { received.load(ordering: .acquiring) != 0 }

    /// 130 after SIGINT, 143 after SIGTERM, as shells write it; `nil` when nothing came.
    var exitCode: Int32? {
        let signal = received.load(ordering: .acquiring)
        return signal == 0 ? nil : 128 + signal
    }

    private func receive(_ signal: Int32) {
        guard !isEnded.load(ordering: .acquiring) else { return }
        guard received.exchange(signal, ordering: .acquiringAndReleasing) == 0 else { _exit(128 + signal) }
        Terminal.say("prelabel: stopping after the pages in work; once more ends at once")
    }
}
