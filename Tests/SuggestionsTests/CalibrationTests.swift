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

    @Test func aSmallPoolWithoutErrorDoesNotFallBelowALargeOneWithFew() {
        // 599 of the first 600 are right, and all of the last 50.
        let cases = (0..<650).map { (probability: Double($0) / 650, isRight: $0 != 590) }
        let calibration = Calibration(cases)
        #expect(zip(calibration.points, calibration.points.dropFirst()).allSatisfy { $0.share <= $1.share })
        #expect(calibration.confidence(1) >= calibration.confidence(0.5))
    }

    @Test func fewCasesAreNotTrusted() {
        let calibration = Calibration(Array(repeating: (probability: 0.9, isRight: false), count: 20))
        #expect(calibration.confidence(0.9) == 0.9)
    }

    /// 949 of 950 right and then 100 of 100: with half a case added on either side the second, smaller pool has the lower share.
    @Test func aSmallPoolThatIsAlwaysRightDoesNotMakeTheCurveFall() {
        let cases = (0..<1_050).map { (probability: 0.5 + Double($0) / 2_100, isRight: $0 != 900) }
        let points = Calibration(cases).points
        #expect(points.map(\.share) == [Float(1_049.5 / 1_051)])
    }
}
