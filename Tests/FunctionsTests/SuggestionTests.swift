import Annotations
import Functions
import GroundTruth
import Storage
import Suggestions
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SuggestionTests {
    private let folder: TestStore

    init() throws { folder = try TestStore() }

    /// A small model of roles, trained on made-up abstracts.
    private func model(documents count: Int = 40) throws -> SuggestionModel {
        let documents = (0..<count).map { number -> TrainingDocument in
            let parts = [
                ("Many use lamps number \(number).", "background"), ("We propose a method for \(number) lamps.", "method"),
                ("Results gain \(number)%.", "result"),
            ]
            var spans: [ScalarSpan] = []
            var position = 0
            for (text, label) in parts {
                let end = position + text.unicodeScalars.count
                if let span = ScalarSpan(start: ScalarOffset(position), end: ScalarOffset(end), label: Label(label)) {
                    spans.append(span)
                }
                position = end + 1
            }
            return TrainingDocument(text: DocumentText(parts.map(\.0).joined(separator: " ")), spans: spans)
        }
        return try SuggestionModel.train(on: documents, source: "made-up").model
    }

    private func respond(
        to source: String, _ suggester: Suggester?, blindShare: BlindShare = .none
    ) async throws -> [UInt8] {
        let event = JSONOutput.object(["dataObject": ["source": .string(source)], "version": .string("2018-10-16")])
        return try await PreAnnotation(
            store: folder.store, settings: .init(), suggestions: suggester.map { ModelSlot($0) }, blindShare: blindShare
        ).respond(
            to: event.bytes, logger: silent)
    }

    @Test func aTaskGetsSuggestionsAndInitialValueInUTF16() async throws {
        let model = try model()
        let job: [Label] = ["Background", "Methods", "Results", "Limitations"]
        let response = try await respond(
            to: "\u{1F600}\u{1F600} We propose a method. Results gain 9%.", Suggester(model, labels: job))
        let task = try #require(try JSONScanner.parse(response)["taskInput"])
        #expect(
            task["initial-value"]?.written
                == #"[{"endOffset":25,"label":"Methods","startOffset":0},{"endOffset":42,"label":"Results","startOffset":26}]"#)
        let suggestions = try #require(task["suggestions"]?.array)
        #expect(suggestions.map { $0["startOffset"]?.int } == [0, 26] && suggestions.map { $0["endOffset"]?.int } == [25, 42])
        #expect(suggestions.allSatisfy { (0...1).contains($0["confidence"]?.double ?? -1) })
        #expect(suggestions.allSatisfy { $0["source"]?.string == "made-up" && $0["version"]?.string == model.version })
        #expect(task["never-suggested"]?.written == #"["Limitations"]"#)
    }

    @Test func withoutASuggesterTheResponseHasNothingOfIt() async throws {
        let plain = try await respond(to: "We propose a method.", nil)
        #expect(
            String(decoding: plain, as: UTF8.self)
                == #"{"isHumanAnnotationRequired":true,"taskInput":{"taskObject":"We propose a method.","text":"We propose a method.","text-sha256":""#
                + sha256Hex(Array("We propose a method.".utf8)) + "\"}}\n")
        let suggested = try await respond(to: "We propose a method.", Suggester(try model()))
        let members = try #require(try JSONScanner.parse(suggested)["taskInput"])
        for key in ["taskObject", "text", "text-sha256"] {
            #expect(members[key]?.written == (try JSONScanner.parse(plain))["taskInput"]?[key]?.written)
        }
    }

    @Test func anEmptyTextGetsNoSuggestions() async throws {
        let suggester = Suggester(try model())
        #expect(try await respond(to: "", suggester) == respond(to: "", nil))
    }

    @Test func aTaskThatWouldBecomeTooLargeGoesWithoutSuggestions() async throws {
        let text = String(repeating: "We propose it. ", count: 4_000)
        #expect(try await respond(to: text, Suggester(try model())) == respond(to: text, nil))
    }

    @Test func aTaskIsLeftToTheModelOnlyWhereABudgetAllowsIt() async throws {
        let model = try model(documents: 200)
        let job: [Label] = ["Background", "Methods", "Results"]
        let text = "Many use lamps number 3. We propose a method for 3 lamps. Results gain 3%."
        func isRequired(_ suggester: Suggester, blindShare: BlindShare = .none) async throws -> Bool? {
            let response = try await respond(to: text, suggester, blindShare: blindShare)
            return try JSONScanner.parse(response)["isHumanAnnotationRequired"]?.bool
        }
        #expect(try await isRequired(Suggester(model, labels: job)) == true)
        #expect(try await isRequired(Suggester(model, labels: job, errorBudget: 0.1)) == false)
        #expect(try await isRequired(Suggester(model, labels: job + ["Limitations"], errorBudget: 0.1)) == true)
        #expect(try await isRequired(Suggester(model, labels: job, errorBudget: 0.1), blindShare: BlindShare(1)) == true)
    }

    @Test func aHiddenShareOfTasksGetsNoSuggestions() async throws {
        let suggester = Suggester(try model())
        var withheld = 0
        for number in 0..<200 {
            let response = try await respond(to: "We propose method \(number).", suggester, blindShare: BlindShare(0.25))
            let task = try #require(try JSONScanner.parse(response)["taskInput"])
            let isWithheld = task["suggestions-withheld"]?.bool == true
            #expect((task["suggestions"] == nil) == isWithheld && (task["initial-value"] == nil) == isWithheld)
            #expect(isWithheld == BlindShare(0.25).contains(textSHA256: try #require(task["text-sha256"]?.string)))
            if isWithheld { withheld += 1 }
        }
        #expect((30...70).contains(withheld))
        let digits = String(repeating: "f", count: 64)
        #expect(BlindShare(1).contains(textSHA256: digits) && !BlindShare.none.contains(textSHA256: digits))
    }

    @Test func aModelIsExchangedBetweenTasks() throws {
        let (first, second) = (Suggester(try model()), Suggester(try model(documents: 41)))
        let slot = ModelSlot(first)
        #expect(slot.exchange(for: second).model.version == first.model.version)
        #expect(slot.suggester.model.version == second.model.version && first.model.version != second.model.version)
    }

    @Test func labelsThatCannotBeProposedAreNamedWithoutAJobToo() throws {
        #expect(Suggester(try model()).neverProposed == ["Objectives", "Conclusions", "Limitations"])
        #expect(Suggester(try model(), labels: ["method"]).neverProposed == [])
    }

    @Test func aModelIsFoundAmongThoseThatComeAlongElseInAFolder() async throws {
        let bytes = try model().bytes
        for name in ["Models/roles", "own"] {
            try await folder.store.put(bytes, to: .file(folder.folder.appending(name).appending("model")))
        }
        let bundled = folder.folder.appending("Models")
        func version(_ name: String) async throws -> String {
            try await SuggestionModel(named: name, bundled: bundled, currentFolder: folder.folder, store: folder.store).version
        }
        #expect(try await version("roles") == version("own"))
        await #expect(throws: StorageError.self) { _ = try await version("./roles") }
    }

    @Test func theEnvironmentTurnsSuggestionsOn() throws {
        #expect(try !FunctionSettings(environment: [:]).suggestions.isOn)
        let settings = try FunctionSettings(environment: [
            "PRELABEL_DATA": "/data", "PRELABEL_SUGGEST": "1", "PRELABEL_SUGGESTION_LABELS": " Aims, Methods ,",
            "PRELABEL_SUGGESTION_ERROR_BUDGET": "0.05", "PRELABEL_SUGGESTION_BLIND_SHARE": "0.1",
        ]).suggestions
        #expect(settings.errorBudget == 0.05 && settings.blindShare == BlindShare(0.1))
        #expect(throws: SettingError.self) { try FunctionSettings(environment: ["PRELABEL_SUGGESTION_ERROR_BUDGET": "5 %"]) }
        #expect(settings.isOn && settings.model == SuggestionModel.standardName && settings.labels == ["Aims", "Methods"])
    }
}
