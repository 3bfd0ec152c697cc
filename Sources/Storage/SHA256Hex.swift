import AWS
import Crypto

/// The SHA-256 of bytes, in lower-case hexadecimal.
package func sha256Hex(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
