import Algorithms
import GroundTruth

/// The labels of a classification job's objects, in order. Each is made when it is asked for: those of a whole job would take more
/// memory than all that they are made from.
struct ClassLabels: RandomAccessCollection, Sendable {
    /// How sure it is that an object has a label.
    struct Chance: Sendable {
        let object: Int32
        /// The label's place in the configuration.
        let label: Int32
        let confidence: Double
    }
    /// By object, then by label.
    typealias Chances = [Chance]

    let labels: [String]
    let isMultiLabel: Bool
    /// How many answers each object has.
    let voters: [Int32]
    let chances: Chances

    var startIndex: Int { 0 }
    var endIndex: Int { voters.count }

    /// One answer alone gives no confidence.
    subscript(object: Int) -> BuiltInConsolidation.Label {
        let answerKey = isMultiLabel ? BuiltInTask.multiLabel.answerKey : BuiltInTask.singleLabel.answerKey
        guard voters[object] > 0 else { return .failed("no answer has a known label under `\(answerKey)`") }
        let found = chances[chances.partitioningIndex { $0.object >= object }...].prefix { $0.object == object }
        func confidence(_ chance: Chance) -> JSONOutput { .decimal(voters[object] == 1 ? 0 : chance.confidence) }
        func name(_ chance: Chance) -> JSONOutput { .string(labels[Int(chance.label)]) }
        if !isMultiLabel, let best = found.first {
            return .label(.int(Int(best.label)), metadata: ["class-name": name(best), "confidence": confidence(best)])
        }
        return .label(
            .array(found.map { .int(Int($0.label)) }),
            metadata: [
                "class-map": .object(Dictionary(uniqueKeysWithValues: found.map { ("\($0.label)", name($0)) })),
                "confidence-map": .object(Dictionary(uniqueKeysWithValues: found.map { ("\($0.label)", confidence($0)) })),
            ])
    }
}
