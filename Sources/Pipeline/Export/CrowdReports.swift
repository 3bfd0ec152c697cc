import Annotations
package import Consolidation
package import GroundTruth

extension WorkerReport {
    /// One element a worker.
    package var json: JSONOutput { .array(workers.map(\.json)) }
}

extension WorkerSummary {
    fileprivate var json: JSONOutput {
        [
            "agreement": agreement.json,
            "compared-documents": .int(comparedCount),
            "documents": .int(documentCount),
            "labels": .array(labels.map(\.json)),
            "median-seconds": medianSeconds.map { .decimal($0) } ?? .null,
            "spans": .int(markedCount),
            "suspicions": .array(suspicions.map { ["explanation": .string($0.explanation), "name": .string($0.name)] }),
            "worker-id": .string(workerID),
        ]
    }
}

extension WorkerSummary.Overlap {
    fileprivate var json: JSONOutput {
        [
            "common": .int(common), "consensus": .int(consensus), "f1": f1.map { .decimal($0) } ?? .null, "marked": .int(marked),
            "precision": precision.map { .decimal($0) } ?? .null, "recall": recall.map { .decimal($0) } ?? .null,
        ]
    }
}

extension WorkerSummary.LabelSummary {
    fileprivate var json: JSONOutput {
        [
            "agreement": agreement.json,
            "confused-with": .object(
                Dictionary(confusedWith.map { ($0.label.name, .int($0.count)) }, uniquingKeysWith: { first, _ in first })),
            "invented": .int(invented),
            "label": .string(label.name),
            "mean-end-shift": .decimal(meanEndShift),
            "mean-start-shift": .decimal(meanStartShift),
            "missed": .int(missed),
            "shifted": .int(shifted),
        ]
    }
}

extension AdjudicationList {
    /// One element a dispute, those first that settle most.
    package var json: JSONOutput {
        .array(
            disputes.map { dispute in
                [
                    "expected-errors": .decimal(dispute.expectedErrors),
                    "id": .string(dispute.documentID),
                    "readings": .array(
                        dispute.readings.map { reading in
                            [
                                "chosen": .bool(reading.isChosen), "confidence": .decimal(reading.confidence),
                                "endOffset": .int(reading.span.end.rawValue), "label": .string(reading.span.label.name),
                                "startOffset": .int(reading.span.start.rawValue),
                            ]
                        }),
                ]
            })
    }
}

extension AgreementReport {
    package var json: JSONOutput {
        [
            "documents": .int(documentCount),
            "labels": .array(labels.map { .object($0.measures.members.merging(["label": .string($0.label.name)]) { $1 }) }),
            "overall": .object(overall.members),
            "pairs": .array(
                pairs.map { pair in
                    [
                        "cohen-kappa": estimated(pair.cohenKappa), "documents": .int(pair.documentCount),
                        "exact-f1": estimated(pair.exactF1),
                        "label-f1": estimated(pair.labelF1), "overlap-f1": estimated(pair.overlapF1),
                        "workers": .array([.string(pair.first), .string(pair.second)]),
                    ]
                }),
            "workers": .int(workerCount),
        ]
    }
}

extension AgreementReport.Measures {
    fileprivate var members: [String: JSONOutput] {
        [
            "exact-f1": estimated(exactF1), "fleiss-kappa": estimated(fleissKappa), "gamma": estimated(gamma),
            "label-f1": estimated(labelF1),
            "overlap-f1": estimated(overlapF1), "unitizing-alpha": estimated(unitizingAlpha),
        ]
    }
}

private func estimated(_ estimate: AgreementReport.Estimate?) -> JSONOutput {
    guard let estimate else { return .null }
    return ["high": .decimal(estimate.high), "low": .decimal(estimate.low), "value": .decimal(estimate.value)]
}
