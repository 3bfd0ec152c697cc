/// Where bytes stop being UTF-8.
///
/// - Returns: The offset of the first byte of the first sequence that is not well-formed UTF-8 (Unicode 15, table 3-7); `nil` when
///   all is.
package func firstInvalidUTF8Byte(in bytes: some RandomAccessCollection<UInt8>) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var parser = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while true {
        switch parser.parseScalar(from: &iterator) {
        case .valid(let scalar): position += scalar.count
        case .emptyInput: return nil
        case .error: return position
        }
    }
}
