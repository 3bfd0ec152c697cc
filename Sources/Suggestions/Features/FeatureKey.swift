/// Keys of features: hashes in the place of names, so that no model holds or compares strings.
///
/// Words have 64 bits, features 32: of 100,000 features of a model one in 40,000 that it does not know is taken for one it knows.
enum FeatureKey {
    /// FNV-1a over the lower-case scalars.
    static func key(of scalars: some Sequence<Unicode.Scalar>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for scalar in scalars { hash = (hash ^ UInt64(scalar.lowercased.value)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    /// FNV-1a over the scalars as they are.
    static func exactKey(of scalars: some Sequence<Unicode.Scalar>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for scalar in scalars { hash = (hash ^ UInt64(scalar.value)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    static func join(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var hash = (left ^ (right &+ 0x9E37_79B9_7F4A_7C15 &+ (left << 6) &+ (left >> 2))) &* 0xBF58_476D_1CE4_E5B9
        hash ^= hash >> 31
        return hash &* 0x94D0_49BB_1331_11EB
    }

    static func feature(_ template: UInt64, _ value: UInt64) -> UInt32 {
        let hash = join(template &* 0xD6E8_FEB8_6659_FD93, value)
        return UInt32(truncatingIfNeeded: hash ^ (hash >> 32))
    }
}
