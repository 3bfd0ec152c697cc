/// MurmurHash64A, the hash by which spaCy numbers its strings (seed 1 there).
///
/// Austin Appleby's public-domain algorithm, in the variant for 64-bit machines: blocks of eight bytes, little-endian.
func murmurHash64A(_ bytes: some Collection<UInt8>, seed: UInt64) -> UInt64 {
    let multiplier: UInt64 = 0xC6A4_A793_5BD1_E995
    let shift: UInt64 = 47
    var hash = seed ^ UInt64(bytes.count) &* multiplier
    var block: UInt64 = 0
    var filled = 0
    for byte in bytes {
        block |= UInt64(byte) << UInt64(8 * filled)
        filled += 1
        guard filled == 8 else { continue }
        block &*= multiplier
        block ^= block >> shift
        block &*= multiplier
        hash = (hash ^ block) &* multiplier
        (block, filled) = (0, 0)
    }
    if filled > 0 { hash = (hash ^ block) &* multiplier }
    hash ^= hash >> shift
    hash &*= multiplier
    return hash ^ hash >> shift
}
