extension JSONValue {
    /// An object with some keys set: what it held under them goes, every other member stays byte for byte where it was, and the new
    /// members follow, sorted by key.
    ///
    /// - Parameter removals: Keys to take out without a new value.
    /// - Precondition: The value is an object.
    package func setting(_ additions: [String: JSONOutput], removing removals: Set<String> = []) -> [UInt8] {
        guard let members = object else { preconditionFailure("members are set in an object, found \(kindName)") }
        var kept: [UInt8]
        let stays = members.filter { additions[$0.key] == nil && !removals.contains($0.key) }
        if stays.count == members.count {
            kept = Array(raw.dropLast())
            while let last = kept.last, last == 0x20 || last == 0x09 { kept.removeLast() }
        } else {
            kept = [UInt8(ascii: "{")]
            for (index, member) in stays.enumerated() {
                if index > 0 { kept.append(UInt8(ascii: ",")) }
                kept += member.raw
            }
        }
        var needsComma = !stays.isEmpty
        for (key, value) in additions.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            if needsComma { kept.append(UInt8(ascii: ",")) }
            JSONOutput.writeMember(key: key, value, to: &kept)
            needsComma = true
        }
        kept.append(UInt8(ascii: "}"))
        return kept
    }
}
