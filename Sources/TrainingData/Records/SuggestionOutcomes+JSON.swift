package import Annotations
package import GroundTruth

extension SuggestionOutcomes {
    /// `{"accepted":3,"added":1,"fixed":0,"rejected":0,"undecided":0}`, or `{"added":4,"withheld":true}`.
    package var json: JSONOutput {
        guard !wereWithheld else { return ["added": .int(added), "withheld": true] }
        return [
            "accepted": .int(accepted), "added": .int(added), "fixed": .int(fixed), "rejected": .int(rejected),
            "undecided": .int(undecided),
        ]
    }

    /// - Parameter value: As ``json``; what is no count is 0.
    init(_ value: JSONValue) {
        func count(_ key: String) -> Int { min(max(value[key]?.int ?? 0, 0), WorkerAnswer.maximumSpans) }
        self.init()
        (accepted, fixed, rejected) = (count("accepted"), count("fixed"), count("rejected"))
        (undecided, added) = (count("undecided"), count("added"))
        wereWithheld = value["withheld"]?.bool == true
    }
}
