extension Unicode.Scalar {
    /// What Python's `str.split()` splits at.
    package var isColumnBreak: Bool {
        // Asking for a property takes longer than all else that an export does with a character.
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value) }
        return properties.isWhitespace
    }
}
