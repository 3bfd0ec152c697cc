/// A generator of numbers that are the same from the same seed on every machine (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// In 0..<1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Normally distributed (Box and Muller 1958).
    mutating func normal(mean: Double, deviation: Double) -> Double {
        let radius = (-2 * naturalLog(1 - uniform())).squareRoot()
        return mean + deviation * radius * cosine(2 * Double.pi * uniform())
    }

    /// In 0..<bound, without bias that matters.
    mutating func below(_ bound: Int) -> Int { min(bound - 1, Int(uniform() * Double(bound))) }
}
