@testable import Liquid
import Testing

@Suite struct NumberTests {
    @Test func longDivisionUndoesMultiplication() {
        // Numbers with limbs of zeros and of nines, where a digit is guessed too large.
        var numbers = ["1", "9", "999999999", "1000000000", "1000000001"]
        for zeros in [8, 9, 17, 18, 30] {
            numbers.append("1" + String(repeating: "0", count: zeros))
            numbers.append(String(repeating: "9", count: zeros) + "8")
            numbers.append("4" + String(repeating: "9", count: zeros) + "000000001")
        }
        let values = numbers.map { BigInteger(digits: Array($0.utf8), isNegative: false) }
        for left in values {
            for right in values {
                let (quotient, remainder) = (left * right + BigInteger(7)).flooredDivision(by: right)
                #expect(quotient * right + remainder == left * right + BigInteger(7))
                #expect(remainder.compare(right) < 0 && !remainder.isNegative)
                let negative = (-left).flooredDivision(by: right)
                #expect(negative.quotient * right + negative.remainder == -left)
                #expect(!negative.remainder.isNegative)
            }
        }
    }

    @Test func knownQuotientsAndProducts() {
        // Computed with Python's integers.
        let factorial = (1...40).reduce(BigInteger(1)) { $0 * BigInteger($1) }
        #expect(factorial.description == "815915283247897734345611269596115894272000000000")
        let (quotient, remainder) = factorial.flooredDivision(
            by: BigInteger(digits: Array("987654321987654321987".utf8), isNegative: true))
        #expect(quotient.description == "-826114223452055803943831559")
        #expect(remainder.description == "-591833703763078187733")
    }

    @Test(arguments: [
        (0.1, "0.1"), (-0.0, "-0.0"), (1e15, "1000000000000000.0"), (1e16, "1.0e+16"),
        (123_456_789_012_345_680, "1.2345678901234568e+17"),
        (1e-4, "0.0001"), (1.5e-5, "1.5e-05"), (1e100, "1.0e+100"), (.leastNonzeroMagnitude, "5.0e-324"),
        (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        (0.5, "0.5"), (100, "100.0"), (12.25, "12.25"),
    ])
    func doublesPrintAsInRuby(value: Double, expected: String) {
        #expect(value.rubyText == expected)
    }
}
