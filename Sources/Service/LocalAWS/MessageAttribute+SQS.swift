import AWS
import Crypto
import FoundationEssentials
import GroundTruth
import LabelingJobs

/// Attributes of messages as SQS's answers have them.
extension MessageAttribute {
    var output: JSONOutput { ["DataType": .string(type), isBinary ? "BinaryValue" : "StringValue": .string(value)] }

    /// Whether a name of a receiver's list means it: its own, what it begins with and `.*`, or `All`.
    func isNamed(_ name: String) -> Bool {
        if name == "All" || name.utf8.elementsEqual(self.name.utf8) { return true }
        return name.utf8.suffix(2).elementsEqual(".*".utf8) && self.name.utf8.starts(with: name.utf8.dropLast(2))
    }

    /// What its checksum is made from: name, type and value each behind its length in four bytes, before the value a byte for its kind.
    fileprivate var digested: [UInt8] {
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
        }
        let bytes = isBinary ? Array(Data(base64Encoded: value) ?? Data()) : Array(value.utf8)
        return counted(Array(name.utf8)) + counted(Array(type.utf8)) + [isBinary ? 2 : 1] + counted(bytes)
    }
}

extension [MessageAttribute] {
    /// The checksum by which receivers find that nothing was lost (SQS developer guide, "Calculating the MD5 message digest for message
    /// attributes"), of attributes in the order of their names.
    var md5: String { hexadecimal(Insecure.MD5.hash(data: flatMap(\.digested))) }
}
