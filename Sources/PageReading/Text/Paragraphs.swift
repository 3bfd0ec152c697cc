/// Divides the lines of a block into paragraphs, by white space, indents and short last lines.
enum Paragraphs {
    static func divide(_ lines: [[RecognizedWord]]) -> [[[RecognizedWord]]] {
        let boxes = lines.map { line in line.dropFirst().reduce(line[0].box) { $0.union($1.box) } }
        guard let left = boxes.map(\.left).min(), let right = boxes.map(\.right).max() else { return [] }
        let height = median(boxes.map { Double($0.height) })
        let pitch = median(zip(boxes, boxes.dropFirst()).map { $1.middleY - $0.middleY })
        var paragraphs: [[[RecognizedWord]]] = []
        for (index, line) in lines.enumerated() {
            guard index > 0 else {
                paragraphs.append([line])
                continue
            }
            let (above, box) = (boxes[index - 1], boxes[index])
            let isFar = box.middleY - above.middleY > 1.4 * pitch
            let isAfterShortLine =
                Double(above.right) < Double(right) - 3 * height && !Hyphenation.continues(lines[index - 1].last?.text ?? "")
            let isIndented = Double(box.left) > Double(left) + 0.6 * height && Double(above.left) < Double(left) + 0.4 * height
            let endsSentence = lines[index - 1].last?.text.last.map { ".:!?)".contains($0) } ?? false
            if isFar || (endsSentence && (isAfterShortLine || isIndented)) || (isAfterShortLine && isIndented) {
                paragraphs.append([line])
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return paragraphs
    }

    private static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
