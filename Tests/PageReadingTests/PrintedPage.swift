@testable import PageReading

/// A page made of lines with boxes, for the finder's rules: what would be read in a box is known without any image.
struct PrintedPage {
    private(set) var lines: [(layout: LayoutLine, words: [String])] = []
    var rules: [PixelBox] = []

    static let width = 1275
    static let height = 1650
    private static let xHeight = 10.0

    /// Adds a line; letters are 9 layout pixels wide at the usual size.
    mutating func add(_ text: String, left: Int, top: Int, size: Double = 1, density: Double = 0.45) {
        let letter = 9 * size
        var x = Double(left)
        var boxes: [PixelBox] = []
        let words = text.split(separator: " ").map(String.init)
        for word in words {
            let end = x + Double(word.count) * letter
            boxes.append(PixelBox(left: Int(x), top: top, right: Int(end), bottom: top + Int(20 * size)))
            x = end + 0.7 * letter
        }
        let box = boxes.dropFirst().reduce(boxes[0]) { $0.union($1) }
        lines.append((LayoutLine(box: box, words: boxes, xHeight: Self.xHeight * size, density: density), words))
    }

    /// Adds lines of prose that fill a column, 25 pixels apart.
    mutating func addProse(
        lineCount: Int, left: Int, right: Int, top: Int, size: Double = 1, density: Double = 0.45, opening: String = "We study"
    ) {
        let room = Int(Double(right - left) / (9 * size))
        for index in 0..<lineCount {
            var text = index == 0 ? opening : "the words of line"
            while text.count + 9 < room { text += index % 2 == 0 ? " of reading" : " and more" }
            if index < lineCount - 1 { text += " " + String(repeating: "x", count: max(1, room - text.count - 1)) }
            add(text, left: left, top: top + index * 25, size: size, density: density)
        }
    }

    func finding() throws -> AbstractFinding? {
        let layout = PageLayout(
            width: Self.width, height: Self.height,
            lines: lines.map(\.layout).sorted { ($0.box.middleY, $0.box.left) < ($1.box.middleY, $1.box.left) }, rules: rules)
        let lines = lines
        return try AbstractFinder(layout: layout) { box throws(PageReadingError) in
            lines.flatMap { line in
                zip(line.layout.words, line.words).filter { word, _ in
                    word.commonHeight(box) > 10 && word.middleX > Double(box.left) && word.middleX < Double(box.right)
                }.map(\.1)
            }.joined(separator: " ")
        }.find()
    }

    /// The tops of the lines found, in reading order.
    func tops() throws -> [Int]? { try finding()?.parts.flatMap { $0.map(\.box.top) } }
}
