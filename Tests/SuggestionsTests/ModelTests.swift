import Annotations
import Testing

@testable import Suggestions

@Suite(.timeLimit(.minutes(1)))
struct ModelTests {
    private func sentenceModel() throws -> SuggestionModel { try SuggestionModel.train(on: abstracts(40), source: "made-up").model }
    private func spanModel() throws -> SuggestionModel { try SuggestionModel.train(on: notes(40), source: "made-up").model }

    @Test func rolesOfSentencesAreLearnt() throws {
        let (model, report) = try SuggestionModel.train(on: abstracts(40), source: "made-up")
        #expect(model.kind == .sentences && model.labels == ["background", "method", "result"])
        #expect(report.documents == 40 && report.score > 0.95)
        let text = DocumentText("  Many people use kites. We propose a method for kites.\nResults show that kites gain 3%. ")
        let suggestions = model.suggest(text)
        #expect(suggestions.map(\.span.label) == ["background", "method", "result"])
        #expect(
            suggestions.map { text.slice($0.span) }
                == ["Many people use kites.", "We propose a method for kites.", "Results show that kites gain 3%."])
        #expect(suggestions.allSatisfy { (0...1).contains($0.confidence) })
    }

    @Test func givenSentencesAreLabelledAsTheyAre() throws {
        let text = DocumentText("We propose. a method for lamps Results show it")
        let given = [0..<30, 31..<46].map { ScalarOffset($0.lowerBound)..<ScalarOffset($0.upperBound) }
        let suggestions = try sentenceModel().suggest(text, sentences: given)
        #expect(suggestions.map { $0.span.start..<$0.span.end } == given)
        #expect(suggestions.map(\.span.label) == ["method", "result"])
        #expect(try sentenceModel().suggest(text, sentences: []).isEmpty)
    }

    @Test func spansAreLearnt() throws {
        let (model, report) = try SuggestionModel.train(on: notes(40), source: "made-up")
        #expect(model.kind == .spans && report.score > 0.95)
        let text = DocumentText("\u{1F600} Patient 99 took 25 mg of Delufan in the evening.")
        let suggestions = model.suggest(text)
        #expect(suggestions.map { text.slice($0.span) } == ["25 mg", "Delufan"])
        #expect(suggestions.map(\.span.label) == ["DOSE", "DRUG"])
    }

    @Test func nestedSpansComeFromTwoLayers() throws {
        let documents = (0..<40).map { number -> TrainingDocument in
            let city = ["Oslo", "Bergen", "Turku", "Vilnius"][number % 4]
            let text = "In \(number) the \(city) Archive was opened."
            let start = text.unicodeScalars.count - " Archive was opened.".unicodeScalars.count - city.count
            let inner = ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(start + city.count), label: "CITY")
            let outer = ScalarSpan(start: ScalarOffset(start), end: ScalarOffset(start + city.count + 8), label: "ORG")
            return TrainingDocument(text: DocumentText(text), spans: [inner, outer].compactMap(\.self))
        }
        let (model, report) = try SuggestionModel.train(on: documents, source: "made-up")
        #expect(model.labelLayers == [["CITY"], ["ORG"]] && report.spansLeftOut == 0)
        let text = DocumentText("In 7 the Bergen Archive was opened.")
        #expect(model.suggest(text).map { text.slice($0.span) } == ["Bergen", "Bergen Archive"])
    }

    @Test func trainingTwiceGivesTheSameBytes() throws {
        #expect(try sentenceModel().bytes == sentenceModel().bytes)
        #expect(try spanModel().bytes == spanModel().bytes)
    }

    @Test func aModelReadsBackAsItIs() throws {
        for model in [try sentenceModel(), try spanModel()] {
            let other = try SuggestionModel(bytes: model.bytes)
            #expect(other.bytes == model.bytes && other.version == model.version && other.source == "made-up")
            let text = notes(1)[0].text
            #expect(other.suggest(text) == model.suggest(text))
        }
    }

    @Test func everyDamagedByteIsNoticed() throws {
        let bytes = try spanModel().bytes
        for position in stride(from: 0, to: bytes.count, by: 97) {
            var damaged = bytes
            damaged[position] ^= 0x10
            #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: damaged) }
        }
        for count in [0, 7, 8, 19, 20, 40, bytes.count - 1] {
            #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: Array(bytes[..<count])) }
        }
        #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: bytes + [0]) }
    }

    @Test func otherFilesAndVersionsAreRefusedByName() throws {
        var bytes = try sentenceModel().bytes
        bytes[8] = 9
        let version = #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: bytes) }
        #expect(version?.code == .otherVersion && version?.message.contains("format 9") == true)
        let other = #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: Array("{\"a\":1}".utf8)) }
        #expect(other?.code == .notAModel)
        bytes[8] = UInt8(SuggestionModel.format)
        bytes[bytes.count - 1] ^= 1
        let damaged = #expect(throws: SuggestionError.self) { _ = try SuggestionModel(bytes: bytes) }
        #expect(damaged?.code == .damagedModel)
    }

    /// Contents that someone wrote on purpose, with a checksum that fits: refused or harmless, and quickly.
    @Test func forgedContentsNeitherTrapNorFillTheMemory() throws {
        let text = DocumentText("Patient 7 took 25 mg (MG) of Delufan. The end.")
        for model in [try sentenceModel(), try spanModel()] {
            let bytes = model.bytes
            var generator = SeededGenerator(seed: 1)
            for round in 0..<400 {
                var forged = bytes
                // Half of the rounds change the head, where the counts are.
                let end = round % 2 == 0 ? min(200, bytes.count) : bytes.count
                for _ in 0..<3 {
                    forged[Int.random(in: 20..<end, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                let checksum = ModelWriter.checksum(forged[20...])
                for byte in 0..<8 { forged[12 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * byte)) }
                guard let model = try? SuggestionModel(bytes: forged) else { continue }
                #expect(model.suggest(text).allSatisfy { (0...1).contains($0.confidence) })
            }
        }
    }

    @Test(arguments: [
        "", " \n ", "\u{FEFF}", ".", "\u{6211}\u{4EEC}\u{63D0}\u{51FA}\u{3002}", "\u{627}\u{644}\u{633}",
        "\u{1F600}\u{200D}\u{1F600}", "e\u{301}\u{301}\u{301}",
    ])
    func unusualTextsAreNoTrouble(text: String) throws {
        let text = DocumentText(text)
        for model in [try sentenceModel(), try spanModel()] {
            for suggestion in model.suggest(text) { #expect(suggestion.span.end.rawValue <= text.scalarCount) }
        }
    }

    @Test(arguments: ["We took 5 mg of Delufan. ", "a", "A. ", "(AB) ", "5 mg Delufan "])
    func aMegabyteTakesBoundedTime(unit: String) throws {
        let text = DocumentText(String(repeating: unit, count: 1_000_000 / unit.utf8.count))
        for model in [try sentenceModel(), try spanModel()] {
            let time = ContinuousClock().measure { _ = model.suggest(text) }
            #expect(time < .seconds(10))
        }
    }

    @Test func trainingNeedsDocumentsLabelsAndSentencesWhereTheyAreAskedFor() {
        func code(_ documents: [TrainingDocument], _ kind: SuggestionKind? = nil) -> SuggestionError.Code? {
            do throws(SuggestionError) {
                _ = try SuggestionModel.train(on: documents, kind: kind, source: "")
                return nil
            } catch { return error.code }
        }
        #expect(code([]) == .noExamples)
        #expect(code(Array(repeating: notes(1)[0], count: 20)) == .tooFewDocuments)
        #expect(code(notes(40), .sentences) == .noExamples)
        let many = (0..<40).map { document([("a", Label("L\($0)")), (" b\($0)", nil)]) }
        #expect(code(many) == .tooManyLabels)
    }

    @Test func documentsThatAreNotDividedAreLeftOutOfSentences() throws {
        let (model, report) = try SuggestionModel.train(on: abstracts(30) + notes(5), kind: .sentences, source: "x")
        #expect(model.kind == .sentences && report.documentsLeftOut == 5 && report.documents == 30)
        #expect(try SuggestionModel.train(on: abstracts(30) + notes(5), source: "x").model.kind == .spans)
    }

    @Test func labelsAreMappedByNameAndTheRestIsNamed() throws {
        let job: [Label] = ["Background", "Objectives", "Methods", "Results", "Conclusions", "Limitations"]
        let mapping = try sentenceModel().mapping(to: job)
        #expect(mapping.neverProposed == ["Objectives", "Conclusions", "Limitations"] && mapping.unmatched.isEmpty)
        let other = LabelMapping(from: ["aims", "other", "METHOD", "Findings"], to: job)
        #expect(other("aims") == "Objectives" && other("METHOD") == "Methods" && other("Findings") == "Results")
        #expect(other.unmatched == ["other"] && other("other") == nil)
        let mapped = mapping.map(try sentenceModel().suggest(DocumentText("We propose a method for maps.")))
        #expect(mapped.allSatisfy { job.contains($0.span.label) })
    }
}
