import Crypto
import FoundationEssentials

/// A checksum that grows with the bytes of a body.
enum Checksum {
    case crc32(CyclicRedundancy<UInt32>)
    case crc32c(CyclicRedundancy<UInt32>)
    case crc64nvme(CyclicRedundancy<UInt64>)
    case md5(Insecure.MD5)
    case sha1(Insecure.SHA1)
    case sha256(SHA256)

    /// - Parameter name: As in `x-amz-checksum-NAME`.
    init?(_ name: String) {
        switch name {
        case "crc32": self = .crc32(CyclicRedundancy(polynomial: 0xEDB8_8320))
        case "crc32c": self = .crc32c(CyclicRedundancy(polynomial: 0x82F6_3B78))
        case "crc64nvme": self = .crc64nvme(CyclicRedundancy(polynomial: 0x9A6C_9329_AC4B_C9B5))
        case "sha1": self = .sha1(Insecure.SHA1())
        case "sha256": self = .sha256(SHA256())
        default: return nil
        }
    }

    mutating func update(_ bytes: ArraySlice<UInt8>) {
        switch self {
        case .crc32(var sum):
            sum.update(bytes)
            self = .crc32(sum)
        case .crc32c(var sum):
            sum.update(bytes)
            self = .crc32c(sum)
        case .crc64nvme(var sum):
            sum.update(bytes)
            self = .crc64nvme(sum)
        case .md5(var hash):
            hash.update(data: bytes)
            self = .md5(hash)
        case .sha1(var hash):
            hash.update(data: bytes)
            self = .sha1(hash)
        case .sha256(var hash):
            hash.update(data: bytes)
            self = .sha256(hash)
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .crc32(let sum), .crc32c(let sum): sum.bytes
        case .crc64nvme(let sum): sum.bytes
        case .md5(let hash): Array(hash.finalize())
        case .sha1(let hash): Array(hash.finalize())
        case .sha256(let hash): Array(hash.finalize())
        }
    }

    var base64: String { Data(bytes).base64EncodedString() }
}

/// A cyclic redundancy check of 32 or 64 bits, reflected, begun and ended with all bits inverted (as in ISO 3309, and S3's others).
struct CyclicRedundancy<Word: FixedWidthInteger & UnsignedInteger> {
    private let table: [Word]
    private var state = Word.max

    /// - Parameter polynomial: Reflected.
    init(polynomial: Word) {
        table = (0..<256).map { index in
            (0..<8).reduce(Word(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
        }
    }

    mutating func update(_ bytes: ArraySlice<UInt8>) {
        for byte in bytes { state = state >> 8 ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
    }

    /// Most significant byte first.
    var bytes: [UInt8] {
        let value = ~state
        return stride(from: Word.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> Word($0)) }
    }
}
