package import GroundTruth

extension ManifestLine {
    /// A new line: the members of `first`, then the others, each part sorted by key.
    package static func made(of first: [String: JSONOutput], _ others: [String: JSONOutput]) -> [UInt8] {
        var bytes = Array(JSONOutput.object(first).bytes.dropLast())
        guard !others.isEmpty else { return bytes + [UInt8(ascii: "}")] }
        bytes.append(UInt8(ascii: ","))
        return bytes + JSONOutput.object(others).bytes.dropFirst()
    }
}
