import Functions
import GroundTruth
package import Storage

/// Joins manifests by a key: lines of one object become one line with the attributes of all, in the order in which objects first
/// appear.
///
/// Lines wait in an unnamed file; in memory stand each object's key and its lines' numbers, about 150 bytes a line.
package struct ManifestMerge: Sendable {
    /// `file:line: code: message`.
    package struct Finding: Sendable, CustomStringConvertible {
        package let place: String
        package let code: String
        package let message: String
        package var description: String { "\(place): \(code): \(message)" }
    }

    package struct Input: Sendable {
        package let uri: ObjectURI
        /// As typed, for findings.
        package let name: String
        package init(uri: ObjectURI, name: String) { (self.uri, self.name) = (uri, name) }
    }

    private struct Place {
        let index: Int
        let input: Int
        let line: Int
    }

    private let store: any ObjectStore
    private let key: String
    private let preferred: ObjectURI?

    /// - Parameters:
    ///   - key: The key whose string value names an object.
    ///   - preferred: The input whose values win; without one a conflict is a finding and the first value stays.
    package init(store: any ObjectStore, key: String, preferred: ObjectURI?) {
        (self.store, self.key, self.preferred) = (store, key, preferred)
    }

    /// - Parameter report: Called for each finding, in order.
    /// - Returns: The number of lines written.
    package func run(_ inputs: [Input], output: ObjectURI, report: (Finding) -> Void) async throws -> Int {
        let spool = try LineSpool()
        var places: [[UInt8]: [Place]] = [:]
        var order: [[UInt8]] = []
        var count = 0
        for (number, input) in inputs.enumerated() {
            try await store.forEachLine(of: input.uri) { line in
                guard !line.isBlank else { return }
                do {
                    let id = try id(of: line)
                    if let earlier = places[id]?.first(where: { $0.input == number }) {
                        report(
                            Finding(
                                place: "\(input.name):\(line.number)", code: "duplicate-object",
                                message: "the object of line \(earlier.line) again"))
                    }
                    if places[id] == nil { order.append(id) }
                    places[id, default: []].append(Place(index: count, input: number, line: line.number))
                    try spool.keep(line.bytes, at: count)
                    count += 1
                } catch let error as ManifestError {
                    report(
                        Finding(
                            place: "\(input.name):\(line.number)", code: error.code.rawValue,
                            message: "\(error.message); the line is left out"))
                } catch let error as MissingKey {
                    report(
                        Finding(
                            place: "\(input.name):\(line.number)", code: "no-key",
                            message: "no string under `\(error.key)`; the line is left out"))
                }
            }
        }
        guard !order.isEmpty else {
            throw PlanError(
                message: "no line of the manifests has a string under `\(key)`; nothing is written (--key names another key)")
        }
        let writer = try store.writer(to: output)
        for id in order {
            try writer.append(try merged(places[id] ?? [], inputs: inputs, spool: spool, report: report))
            try writer.append([0x0A])
        }
        try await writer.commit()
        return order.count
    }

    private struct MissingKey: Error { let key: String }

    private func id(of line: LineSplitter.Line) throws -> [UInt8] {
        let manifestLine = try ManifestLine(parsing: line.bytes)
        guard let value = manifestLine.string(key) else { throw MissingKey(key: key) }
        return Array(value.utf8)
    }

    /// One object's line: the first one's bytes, and what the others add.
    private func merged(_ places: [Place], inputs: [Input], spool: LineSpool, report: (Finding) -> Void) throws -> [UInt8] {
        var result: ManifestLine?
        var owners: [String: Place] = [:]
        for place in places {
            guard let bytes = try spool.line(at: place.index) else { continue }
            let line = try ManifestLine(parsing: bytes)
            guard let base = result else {
                result = line
                for member in line.members { owners[member.key] = place }
                continue
            }
            var additions: [String: JSONOutput] = [:]
            for member in line.members {
                guard let present = base[member.key], let owner = owners[member.key] else {
                    additions[member.key] = .raw(member.value)
                    owners[member.key] = place
                    continue
                }
                guard !present.isEquivalent(to: member.value) else { continue }
                let (ownerWins, memberWins) = (inputs[owner.input].uri == preferred, inputs[place.input].uri == preferred)
                if ownerWins, !memberWins { continue }
                if memberWins, !ownerWins {
                    additions[member.key] = .raw(member.value)
                    owners[member.key] = place
                } else {
                    report(
                        Finding(
                            place: "\(inputs[place.input].name):\(place.line)", code: "conflict",
                            message:
                                "`\(member.key)` is \(member.value.excerpt), \(inputs[owner.input].name):\(owner.line) has \(present.excerpt); "
                                + "the earlier value stays (--prefer FILE decides)"))
                }
            }
            if !additions.isEmpty { result = try ManifestLine(parsing: base.setting(additions)) }
        }
        return Array(result?.raw ?? [])
    }
}
