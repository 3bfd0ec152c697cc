import Annotations

extension WorkerReport {
    /// A table of the workers, one of their labels, and what looks suspicious.
    package var text: String {
        var table = TextTable(header: ["worker", "documents", "spans", "F1", "precision", "recall", "seconds"])
        for worker in workers {
            table.append([
                worker.workerID, "\(worker.documentCount)", "\(worker.markedCount)", TextTable.number(worker.agreement.f1),
                TextTable.number(worker.agreement.precision), TextTable.number(worker.agreement.recall),
                TextTable.number(worker.medianSeconds),
            ])
        }
        var labels = TextTable(header: [
            "worker, label", "marked", "right", "missed", "invented", "confused", "shifted", "start", "end",
        ])
        for worker in workers {
            for label in worker.labels {
                labels.append([
                    "\(worker.workerID), \(label.label)", "\(label.agreement.marked)", "\(label.agreement.common)",
                    "\(label.missed)",
                    "\(label.invented)", "\(label.confusedWith.reduce(0) { $0 + $1.count })", "\(label.shifted)",
                    TextTable.number(label.meanStartShift), TextTable.number(label.meanEndShift),
                ])
            }
        }
        let suspicions = workers.flatMap { worker in
            worker.suspicions.map { "\(worker.workerID): \($0.name): \($0.explanation)\n" }
        }
        return """
            Workers, each against the consensus of the others
            \(table.text)
            By label
            \(labels.text)
            Worth a look
            \(suspicions.isEmpty ? "nothing\n" : suspicions.joined())
            """
    }
}

extension SuggestionReport {
    /// A table with a column for the tasks with suggestions and one for those without.
    package var text: String {
        func cell(_ share: Double?) -> String { TextTable.number(share) }
        func count(_ path: KeyPath<SuggestionOutcomes, Int>) -> [String] { ["\(shown.outcomes[keyPath: path])", "-"] }
        var table = TextTable(header: ["tasks", "with suggestions", "without"])
        table.append(["answers", "\(shown.answers)", "\(withheld.answers)"])
        table.append(["suggestions accepted"] + count(\.accepted))
        table.append(["fixed"] + count(\.fixed))
        table.append(["rejected"] + count(\.rejected))
        table.append(["undecided"] + count(\.undecided))
        table.append(["marks added", "\(shown.outcomes.added)", "\(withheld.outcomes.added)"])
        table.append(["median seconds", cell(shown.medianSeconds), cell(withheld.medianSeconds)])
        table.append(["F1 with the model", cell(shown.agreementWithModel), cell(withheld.agreementWithModel)])
        table.append(["F1 between workers", cell(shown.agreementBetweenWorkers), cell(withheld.agreementBetweenWorkers)])
        return "Suggestions: \(editsSaved) edits saved\n" + table.text
    }
}

extension AdjudicationList {
    /// The disputes, those first that settle most, a line for each reading; `*` stands before those that were chosen.
    package var text: String {
        var table = TextTable(header: ["document", "errors", "start", "end", "confidence", "label"])
        for dispute in disputes {
            for (number, reading) in dispute.readings.enumerated() {
                table.append([
                    number == 0 ? dispute.documentID : "", number == 0 ? TextTable.number(dispute.expectedErrors) : "",
                    "\(reading.isChosen ? "*" : "")\(reading.span.start)", "\(reading.span.end)",
                    TextTable.number(reading.confidence),
                    "\(reading.span.label)",
                ])
            }
        }
        return "Worth a decision\n" + table.text
    }
}

extension AgreementReport {
    /// Tables of all workers together, by label and by pair, with 95 % intervals.
    package var text: String {
        func cell(_ estimate: Estimate?) -> String {
            guard let estimate else { return "-" }
            return "\(TextTable.number(estimate.value)) (\(TextTable.number(estimate.low)) to \(TextTable.number(estimate.high)))"
        }
        var overall = TextTable(header: ["measure", "value (95 % interval)"])
        for (name, estimate) in [
            ("span F1, exact", self.overall.exactF1), ("span F1, overlapping", self.overall.overlapF1),
            ("span F1, labels only", self.overall.labelF1), ("Fleiss' kappa, tokens", self.overall.fleissKappa),
            ("Krippendorff's alpha, unitizing", self.overall.unitizingAlpha), ("gamma", self.overall.gamma),
        ] {
            overall.append([name, cell(estimate)])
        }
        var labels = TextTable(header: ["label", "exact F1", "overlapping F1", "Fleiss' kappa", "unitizing alpha"])
        for label in self.labels {
            let measures = label.measures
            labels.append(
                [label.label.name]
                    + [measures.exactF1, measures.overlapF1, measures.fleissKappa, measures.unitizingAlpha].map(cell))
        }
        var pairs = TextTable(header: ["workers", "documents", "exact F1", "overlapping F1", "labels only F1", "Cohen's kappa"])
        for pair in self.pairs {
            pairs.append(
                ["\(pair.first), \(pair.second)", "\(pair.documentCount)"]
                    + [pair.exactF1, pair.overlapF1, pair.labelF1, pair.cohenKappa].map(cell))
        }
        return """
            \(documentCount) documents with two workers or more, \(workerCount) workers
            \(overall.text)
            By label
            \(labels.text)
            By pair
            \(pairs.text)
            """
    }
}
