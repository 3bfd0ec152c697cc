/// Words as numbers, in the order of their bytes. A word that occurs once in all documents says nothing about another one: such words
/// share the number of their shape (`Xx`, `XX-d`).
struct Vocabulary {
    private let numbers: [[UInt8]: Int32]
    let count: Int

    init(_ documents: some Sequence<[String]>) {
        var occurrences: [[UInt8]: Int] = [:]
        for words in documents { for word in words { occurrences[Array(word.utf8), default: 0] += 1 } }
        let frequent = occurrences.filter { $0.value > 1 }.keys.sorted { $0.lexicographicallyPrecedes($1) }
        var numbers: [[UInt8]: Int32] = [:]
        for word in frequent { numbers[word] = Int32(numbers.count) }
        let single = occurrences.filter { $0.value == 1 }.keys
        var numberOfShape: [[UInt8]: Int32] = [:]
        for shape in Set(single.map(Self.shape)).sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            numberOfShape[shape] = Int32(frequent.count + numberOfShape.count)
        }
        for word in single { numbers[word] = numberOfShape[Self.shape(of: word)] }
        self.numbers = numbers
        count = frequent.count + numberOfShape.count
    }

    /// The words' numbers, cell by cell; -1 for a cell between tokens.
    func numbers(of words: [String], cells: [Int32]) -> [Int32] {
        let numberOfWord = words.map { self.numbers[Array($0.utf8)] ?? -1 }
        return cells.map { $0 < 0 ? -1 : numberOfWord[Int($0)] }
    }

    /// Capital, small, digit, other letter and sign as `X`, `x`, `d`, `o` and the sign itself; repeats once.
    private static func shape(of word: [UInt8]) -> [UInt8] {
        var shape: [UInt8] = []
        for byte in word {
            let kind: UInt8 =
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(ascii: "X")
                case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt8(ascii: "x")
                case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt8(ascii: "d")
                case 0x80...: UInt8(ascii: "o")
                default: byte
                }
            if kind != shape.last { shape.append(kind) }
        }
        return shape
    }
}
