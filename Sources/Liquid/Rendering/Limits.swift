/// What a template may use. A template is somebody else's program: each limit stops one way of exhausting the machine, and each is
/// an error with ``LiquidError/Code/limit`` that names it.
package struct Limits: Hashable, Sendable {
    /// Bytes of a template or partial.
    package var templateBytes: Int
    /// Blocks and partials inside each other, and brackets and ranges inside each other in an expression. Bounds the stack.
    package var nesting: Int
    /// Work while rendering: a step is a node, a turn of a loop, an element a filter reads, or 64 bytes of text it reads. Bounds
    /// time.
    package var steps: Int
    /// Bytes of the result.
    package var outputBytes: Int
    /// Bytes of all texts and lists that filters, `assign` and `capture` make during one rendering. Bounds memory.
    package var madeBytes: Int
    /// Decimal digits of a number.
    package var digits: Int

    package init(
        templateBytes: Int = 1 << 20, nesting: Int = 100, steps: Int = 2_000_000, outputBytes: Int = 8 << 20,
        madeBytes: Int = 64 << 20, digits: Int = 1_000
    ) {
        self.templateBytes = templateBytes
        self.nesting = nesting
        self.steps = steps
        self.outputBytes = outputBytes
        self.madeBytes = madeBytes
        self.digits = digits
    }
}

/// What is left of ``Limits`` during one rendering.
struct Budget {
    let limits: Limits
    private var steps = 0
    private var madeBytes = 0

    init(_ limits: Limits) { self.limits = limits }

    /// Bytes that filters and captures may still make.
    var remainingBytes: Int { limits.madeBytes - madeBytes }

    @inline(__always)
    mutating func spend(_ count: Int) throws(LiquidError) {
        // Counts come from the sizes of values in memory, so the sum stays far below Int.max.
        steps += count
        if steps > limits.steps {
            throw LiquidError(.limit, "rendering took more than \(limits.steps) steps; loop over less, or raise the limit `steps`")
        }
    }

    /// Reading a text of so many bytes.
    mutating func read(bytes: Int) throws(LiquidError) { try spend(1 + bytes >> 6) }

    mutating func make(bytes: Int) throws(LiquidError) {
        guard bytes <= remainingBytes else { throw Self.tooManyBytes(limits.madeBytes) }
        madeBytes += bytes
    }

    /// A list of so many elements; an element counts as 16 bytes.
    mutating func make(elements: Int) throws(LiquidError) {
        try spend(elements)
        try make(bytes: 16 &* elements)
    }

    static func tooManyBytes(_ limit: Int) -> LiquidError {
        LiquidError(
            .limit, "filters and captures made more than \(limit) bytes; build smaller texts, or raise the limit `madeBytes`")
    }
}
