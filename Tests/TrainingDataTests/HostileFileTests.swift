import Annotations
import Testing

@testable import TrainingData

@Suite(.timeLimit(.minutes(1)))
struct HostileFileTests {
    @Test(arguments: DataFormat.all.map(\.name)) func cutFilesNeverTrap(name: String) async throws {
        let files = try FormatTest(name).files(
            of: try FormatRoundTripTests.corpus().filter { !$0.text.isEmpty && $0.text.bytes.count < 100 }.prefix(4)
                + FormatRoundTripTests.hard()
        ).files
        for (file, bytes) in files {
            for length in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
                var cut = files
                cut[file] = Array(bytes[..<length])
                _ = try await MemoryFiles(cut).imported(name)
                var changed = bytes
                changed[length] = changed[length] &+ 1
                cut[file] = changed
                for document in try await MemoryFiles(cut).imported(name).documents { _ = document.line }
            }
        }
    }

    @Test func aBombOfZerosIsRefused() {
        let bomb = Zlib.compress(Array(repeating: 0, count: 1 << 22), level: 9)
        let error = #expect(throws: RecordError.self) { try Zlib.decompress(bomb, atMost: 1 << 20) }
        #expect(error?.code == "too-large")
    }

    @Test(
        arguments: [
            [0xDD, 0xFF, 0xFF, 0xFF, 0xFF], [0xDF, 0x7F, 0xFF, 0xFF, 0xFF, 0xC0], [0xC6, 0xFF, 0xFF, 0xFF, 0xFF], [0xC1], [],
        ] as [[UInt8]])
    func messagesThatPromiseTooMuchAreRefused(bytes: [UInt8]) {
        #expect(throws: RecordError.self) { try MessagePack(parsing: bytes) }
    }

    @Test func deepMessagesAreRefused() {
        #expect(throws: RecordError.self) { try MessagePack(parsing: Array(repeating: 0x91, count: 100_000)) }
    }

    @Test(arguments: [0, 1, -1, 127, 128, 255, 256, -32, -33, 65_535, 65_536, 1 << 32, Int64.min, Int64.max] as [Int64])
    func numbersComeBack(value: Int64) throws {
        #expect(try MessagePack(parsing: MessagePack.int(value).bytes).int == Int(value))
    }
}
