import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct CalibrationTests {
    @Test func confidenceIsTheShareThatIsRight() {
        var generator = SeededGenerator(seed: 11)
        // A model that is sure too often: of what it gives p, p² is right.
        let cases = (0..<20_000).map { _ in
            let probability = Double.random(in: 0...1, using: &generator)
            return (probability: probability, isRight: Double.random(in: 0...1, using: &generator) < probability * probability)
        }
        let calibration = Calibration(cases)
        for probability in [0.1, 0.3, 0.5, 0.7, 0.9] {
            #expect(abs(calibration.confidence(probability) - probability * probability) < 0.03)
        }
    }

    @Test func theCurveNeverFallsAndStaysBetweenNoneAndAll() {
        var generator = SeededGenerator(seed: 12)
        let cases = (0..<500).map { _ in
            (probability: Double.random(in: 0...1, using: &generator), isRight: Bool.random(using: &generator))
        }
        let calibration = Calibration(cases)
        let curve = stride(from: -0.5, through: 1.5, by: 0.01).map(calibration.confidence)
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(curve.allSatisfy { (0...1).contains($0) })
        #expect(Calibration(cases.reversed()) == calibration)
    }

    @Test func fewCasesAreNotTrusted() {
        let calibration = Calibration(Array(repeating: (probability: 0.9, isRight: false), count: 20))
        #expect(calibration.confidence(0.9) == 0.9)
    }
}
