import ArgumentParser
import Functions
import GroundTruth
import Storage
import TrainingData

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Reports what makes span JSON Lines bad training data, as file:line: code: message.",
        discussion: """
            Of a record: spans out of range, overlapping, with white space at an edge, off the record's tokens, or marking other text than they came \
            with; offsets that count something else than Unicode scalars. Of the data set: ids that stand twice, with the same text or another; \
            labels written in two ways; one surface with several labels.
            """)

    @Argument(help: ArgumentHelp("Span JSON Lines; - is standard input.", valueName: "file")) var file: String
    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let store = try storage.store()
        var check = DatasetCheck()
        var count = 0
        func write(_ findings: [DatasetCheck.Finding]) throws {
            for finding in findings { try Terminal.write(line: "\(file):\(finding.line): \(finding)") }
            count += findings.count
        }
        if file == "-" {
            var splitter = LineSplitter()
            for line in splitter.append(try Terminal.readInput()) { try write(check.check(line)) }
            if let last = splitter.finish() { try write(check.check(last)) }
        } else {
            try await store.forEachLine(of: ObjectURI(typed: file)) { try write(check.check($0)) }
        }
        try write(check.finish())
        Terminal.say(count == 0 ? "prelabel: no findings" : "prelabel: \(count) findings")
        if count > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
