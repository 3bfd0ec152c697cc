#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The natural logarithm; minus infinity at 0.
func naturalLog(_ x: Double) -> Double { log(x) }

func exponential(_ x: Double) -> Double { exp(x) }

func cosine(_ x: Double) -> Double { cos(x) }

/// The derivative of ``logGamma(_:)``, to 1e-12 for x > 0: the recurrence up to 6, then the asymptotic series (Abramowitz and Stegun
/// 6.3.5 and 6.3.18).
func digamma(_ x: Double) -> Double {
    var x = x
    var result = 0.0
    while x < 6 {
        result -= 1 / x
        x += 1
    }
    let inverse = 1 / x
    let square = inverse * inverse
    let series =
        square
        * (1.0 / 12 - square
            * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square * (1.0 / 132 - square * 691 / 32760)))))
    return result + log(x) - inverse / 2 - series
}

/// The logarithm of the gamma function, to 1e-10 for x > 0: the recurrence up to 7, then Stirling's series (Abramowitz and Stegun
/// 6.1.41).
func logGamma(_ x: Double) -> Double {
    var x = x
    var product = 1.0
    while x < 7 {
        product *= x
        x += 1
    }
    let inverse = 1 / x
    let square = inverse * inverse
    let series = inverse * (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))))
    return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_7 + series - log(product)
}
