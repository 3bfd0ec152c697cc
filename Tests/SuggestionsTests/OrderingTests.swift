import Annotations
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct OrderingTests {
    @Test func whatAModelIsUnsureOfComesFirstAndNotTheSameTwice() {
        let texts = [
            TextUncertainty([1: 0.1]), TextUncertainty([2: 0.5, 3: 0.4]), TextUncertainty([2: 0.5, 3: 0.4]),
            TextUncertainty([4: 0.6]),
        ]
        // The third text is worth 0.45 once the second, its like, is chosen.
        #expect(InformationOrder.order(texts) == [1, 3, 2, 0])
        #expect(InformationOrder.order([]) == [])
    }

    @Test func theOrderIsThatOfChoosingTheBestEachTime() {
        var generator = SeededGenerator(seed: 7)
        let texts = (0..<60).map { _ in
            TextUncertainty(
                Dictionary(
                    (0..<8).map { _ in (UInt64.random(in: 0..<20, using: &generator), Double.random(in: 0...1, using: &generator))
                    },
                    uniquingKeysWith: { first, _ in first }))
        }
        var seen: [UInt64: Int] = [:]
        var rest = Array(texts.indices)
        var expected: [Int] = []
        while !rest.isEmpty {
            func worth(_ place: Int) -> Double {
                texts[place].words.reduce(0) { $0 + $1.entropy / Double(1 + seen[$1.key, default: 0]) }
            }
            let best = rest.reduce(rest[0]) { worth($1) > worth($0) ? $1 : $0 }
            rest.removeAll { $0 == best }
            expected.append(best)
            for word in texts[best].words { seen[word.key, default: 0] += 1 }
        }
        #expect(InformationOrder.order(texts) == expected)
    }

    @Test func aTextWithKnownSentencesIsLessUncertainThanOneWithNewOnes() throws {
        let model = try SuggestionModel.train(on: abstracts(40), source: "made-up").model
        let new = DocumentText("Hepatitis of the ward? Zolirane in 9. The queue ended.")
        #expect(model.uncertainty(of: abstracts(1)[0].text).total < model.uncertainty(of: new).total)
        #expect(model.uncertainty(of: DocumentText("")).total == 0)
    }

    @Test func eachTokenOfATextForSpansHasAnEntropy() throws {
        let model = try SuggestionModel.train(on: notes(40), source: "made-up").model
        let words = model.uncertainty(of: notes(1)[0].text).words
        // Patient 0 took 5 mg of … in the evening. The ward was quiet, and … stopped.
        #expect(words.count == 17)
        #expect(words.allSatisfy { $0.entropy >= 0 } && words.contains { $0.entropy > 0 })
    }
}
