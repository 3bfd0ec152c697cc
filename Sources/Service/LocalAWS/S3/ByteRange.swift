/// The part of an object that a `Range` header asks for (RFC 9110, section 14); one range, as S3 takes it.
enum ByteRange: Equatable {
    case whole
    /// Not empty, and inside the object.
    case part(Range<Int>)
    /// It begins behind the object's end.
    case outside

    /// A header that is none, such as one with several ranges or another unit, asks for the whole object.
    init(_ header: String?, size: Int) {
        self = .whole
        guard let header, header.hasPrefix("bytes=") else { return }
        let bounds = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return }
        switch (Int(bounds[0]), Int(bounds[1])) {
        case (nil, let count?) where bounds[0].isEmpty:
            // The last bytes.
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .outside
        case (let first?, nil) where bounds[1].isEmpty: self = first < size ? .part(first..<size) : .outside
        case (let first?, let last?) where first <= last:
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .outside
        default: break
        }
    }
}
