import Annotations
import Testing

@testable import TrainingData

@Suite(.timeLimit(.minutes(1)))
struct ImportTests {
    private func imported(_ format: String, _ text: String, as name: String, _ options: ImportOptions = ImportOptions())
        async throws
        -> (documents: [ImportedDocument], problems: [ImportProblem])
    {
        try await MemoryFiles([name: text]).imported(format, options)
    }

    private static let example = "Café Nørd 🧪 joined Lumen Labs in Oslo."
    private static let marks = ["ORG Café Nørd", "ORG Lumen Labs", "GPE Oslo"]

    @Test func aByteOrderMarkAndCarriageReturnsAreNoPartOfRecords() async throws {
        let (documents, problems) = try await imported(
            "spacy-jsonl", "\u{FEFF}{\"text\":\"ab\",\"entities\":[[0,1,\"A\"]]}\r\n\r\n{\"text\":\"c\",\"entities\":[]}\r\n",
            as: "x.jsonl")
        #expect(documents.map(\.marks) == [["A a"], []] && problems.isEmpty)
    }

    @Test(arguments: ["[%,\n %]", "[\n%\n,%]\n", "%\n%\n", "%\n%", "[%,%"])
    func recordsAreLinesOrTheElementsOfAnArray(frame: String) async throws {
        let record = #"{"text":"a ] } \" , [","entities":[[0,1,"A"]]}"#
        let parts = frame.split(separator: "%", omittingEmptySubsequences: false)
        let (documents, _) = try await imported("spacy-jsonl", parts.joined(separator: record), as: "x.json")
        #expect(documents.map(\.marks) == [["A a"], ["A a"]])
    }

    @Test func badRecordsAreNamedWithTheirLineAndTheOthersAreRead() async throws {
        let (documents, problems) = try await imported(
            "spacy-jsonl",
            #"[{"text":"a","entities":[[0,1,"A"]]},"# + "\n" + #"{"text":5},"# + "\n\n" + #"{"text":"a","entities":[[0,2,"A"]]},"#
                + "\n{,"
                + #"{"text":"a","entities":[[0,1.0,"A"]]},{"text":"a","entities":[["0",1,"A"]]},{"text":"a","entities":[[1,0,"A"]]},{"text":"a","entities":[[-1,1,"A"]]}]"#,
            as: "x.json")
        #expect(documents.count == 1)
        #expect(problems.map(\.description).map { $0.prefix { $0 != " " } } == ["x.json:2:", "x.json:4:", "x.json:5:"])
    }

    @Test func readsSpacysOldPairs() async throws {
        let (documents, _) = try await imported("spacy-jsonl", #"["ab c",{"entities":[[3,4,"A"]]}]"# + "\n", as: "x.json")
        // One pair in a file looks like an array of records; lines of pairs are told by their second line.
        #expect(documents.isEmpty)
    }

    // MARK: Tools with workers

    @Test func labelStudiosAnnotatorsAreWorkers() async throws {
        func result(_ start: Int, _ end: Int, _ text: String, _ labels: String) -> String {
            #"{"id":"r\#(start)","from_name":"label","to_name":"text","type":"labels","value":{"start":\#(start),"end":\#(end),"text":"\#(text)","labels":[\#(labels)]}}"#
        }
        let task =
            #"[{"id":7,"data":{"text":"\#(Self.example)","doc":"x"},"annotations":["#
            + #"{"id":1,"completed_by":10,"was_cancelled":false,"result":[\#(result(0, 9, "Café Nørd", #""ORG","PER""#)),{"type":"choices","value":{}}]},"#
            + #"{"id":2,"completed_by":{"id":11,"email":"b@x"},"result":[\#(result(20, 30, "Lumen Labs", #""ORG""#))]},"#
            + #"{"id":3,"completed_by":12,"was_cancelled":true,"result":[]},{"id":4,"completed_by":13,"ground_truth":true,"result":[]}],"#
            + #""predictions":[{"result":[\#(result(34, 38, "Oslo", #""GPE""#))]}]}]"#
        let (documents, problems) = try await imported("label-studio", task, as: "x.json")
        #expect(problems.isEmpty)
        let document = try #require(documents.first)
        #expect(document.unexpectedUnit == "utf-16")
        #expect(document.id == "7" && document.entities?.isEmpty == true)
        #expect(document.answers.map(\.workerID) == ["10", "b@x"])
        #expect(document.answers[0].spans.map(\.label) == ["ORG", "PER"])
        #expect(document.suggestions?.map { document.text.slice($0.span) } == ["Oslo"])
    }

    @Test func labelStudiosOldOffsetsAreUTF16() async throws {
        let task =
            #"[{"data":{"text":"🧪 two  blanks"},"annotations":[{"completed_by":1,"result":[{"type":"labels","value":{"start":3,"end":14,"text":"two blanks","labels":["A"]}}]}]}]"#
        let document = try #require(try await imported("label-studio", task, as: "x.json").documents.first)
        #expect(document.answers[0].spans.map { document.text.slice($0) } == ["two  blanks"])
        #expect(document.unexpectedUnit == "utf-16")
    }

    @Test func labelStudiosMinimalRowsAreAnswers() async throws {
        let rows =
            #"[{"id":1,"text":"Aim now","label":[{"start":0,"end":3,"text":"Aim","labels":["A"]}],"annotator":10,"annotation_id":5},"#
            + #"{"id":1,"text":"Aim now","label":[],"annotator":11,"annotation_id":6}]"#
        let documents = try await imported("label-studio", rows, as: "x.json").documents
        #expect(documents.map { $0.answers.map(\.workerID) } == [["10"], ["11"]])
    }

    @Test func prodigyTakesAcceptedAnswersOnly() async throws {
        func row(_ more: String) -> String { #"{"text":"Aim","spans":[{"start":0,"end":3,"label":"A"}]\#(more)}"# + "\n" }
        let (documents, problems) = try await imported(
            "prodigy",
            row(#","answer":"accept","_annotator_id":"w1","meta":{"doc":"p1"}"#) + row(#","answer":"reject""#)
                + row(#","answer":"ignore""#)
                + row(#","answer":"accept","_session_id":"w2""#) + row("") + row(#","answer":"accept""#)
                + row(#","answer":"accept","_view_id":"ner""#),
            as: "x.jsonl")
        #expect(problems.map(\.code) == ["not-accepted", "not-accepted", "binary-row"])
        #expect(documents.map { $0.answers.first?.workerID } == ["w1", "w2", nil, nil])
        #expect(documents.map { $0.entities?.count } == [nil, nil, nil, 1])
        #expect(documents.map { $0.suggestions?.count } == [nil, nil, 1, nil])
    }

    @Test func argillasSubmittedResponsesAreAnswers() async throws {
        let row =
            #"{"id":"p-001","text":"\#(Self.example)","ner.suggestion":[{"start":0,"end":9,"label":"ORG"}],"ner.suggestion.score":0.91,"ner.suggestion.agent":"rules-1","#
            + #""ner.responses":[[{"start":0,"end":9,"label":"ORG"},{"start":33,"end":37,"label":"GPE"}],[]],"ner.responses.users":["06f7","07f7"],"ner.responses.status":["submitted","draft"]}"#
        let document = try #require(try await imported("argilla", row, as: "x.jsonl").documents.first)
        #expect(document.answers.map(\.workerID) == ["06f7"] && document.entities == nil)
        #expect(document.suggestions?.map(\.confidence) == [0.91])
    }

    @Test func doccanoOfEveryAge() async throws {
        let (documents, problems) = try await imported(
            "doccano",
            #"{"id":1,"text":"Aim","label":[[0,3,"A"]],"Comments":[],"year":5}"# + "\n"
                + #"{"id":2,"text":"Aim","labels":[[0,3,"A"]]}"# + "\n"
                + #"{"id":3,"text":"Aim","entities":[{"id":11,"start_offset":0,"end_offset":3,"label":"A"}],"relations":[]}"# + "\n"
                + #"{"id":4,"text":"Aim","annotations":[{"label":7,"start_offset":0,"end_offset":3}]}"# + "\n"
                + #"{"id":5,"text":"Aim"}"#,
            as: "all.jsonl")
        #expect(documents.map(\.marks) == [["A Aim"], ["A Aim"], ["A Aim"], []])
        #expect(documents[3].entities == nil)
        #expect(problems.map(\.code) == ["label-numbers"])
        #expect(documents[0].lineText.contains(#""metadata":{"year":5}"#))
        let workers = try await imported(
            "doccano", #"{"id":1,"text":"Aim","label":[[0,3,"A"]]}"#, as: "ann.jsonl", ImportOptions(filesAreWorkers: true))
        #expect(workers.documents[0].answers.map(\.workerID) == ["ann"] && workers.documents[0].entities == nil)
    }

    // MARK: Tokens

    @Test(arguments: [
        ("B-A I-A O B-A", ["0..<2", "3..<4"]), ("I-A I-A O I-A", ["0..<2", "3..<4"]), ("I-A B-A O O", ["0..<1", "1..<2"]),
        ("B-A E-A O S-A", ["0..<2", "3..<4"]), ("B-A L-A O U-A", ["0..<2", "3..<4"]), ("E-A E-A O O", ["0..<1", "1..<2"]),
        ("I-A I-B O -", ["0..<1", "1..<2"]), ("B-A I-A I-A I-A", ["0..<4"]), ("O O O O", []),
    ])
    func tagsOfEverySchemeAreRead(tags: String, spans: [String]) throws {
        let found = try TagScheme.spans(of: tags.split(separator: " ").map(String.init))
        #expect(found.map { "\($0.first)..<\($0.end)" } == spans)
    }

    @Test(arguments: TagScheme.allCases) func adjacentSpansStayApart(scheme: TagScheme) throws {
        let spans = [
            TokenRange(first: 0, end: 1, label: "A"), TokenRange(first: 1, end: 3, label: "A"),
            TokenRange(first: 3, end: 4, label: "B-C"), TokenRange(first: 5, end: 6, label: "A"),
        ]
        #expect(try TagScheme.spans(of: scheme.tags(for: spans, count: 7)) == spans)
    }

    @Test func conllOfOtherMakersIsRead() async throws {
        let (documents, problems) = try await imported(
            "conll",
            "-DOCSTART- -X- -X- O\n\nNew NNP B-NP B-LOC\nYork\tNNP\tI-NP\tI-LOC\n\nis O\n\n-DOCSTART- -X- O\r\n\r\nx\u{2003}O\r\nbad X-Y\r\n",
            as: "x.conll")
        #expect(documents.map(\.marks) == [["LOC New York"]])
        #expect(documents.first?.text.string == "New York\nis")
        #expect(documents.first?.sentences?.count == 2)
        #expect(problems.map(\.code) == ["bad-tag"])
        #expect(problems.first?.line == 8)
        let sentences = try await imported("conll", "a O\n\nb B-X\n", as: "x.conll").documents
        #expect(sentences.map(\.id) == ["x-1", "x-2"], "without -DOCSTART- a sentence is a document")
    }

    @Test func tokensThatAreNotTheFilesAreRefused() async throws {
        let files = MemoryFiles([
            "x.conll": "-DOCSTART- -X- O O\n\nab -X- _ O\n\n", "x.tokens.jsonl": #"{"id":"p","text":"cd","tokens":[[0,2]]}"# + "\n",
        ])
        #expect(try await files.imported("conll").problems.map(\.code) == ["tokens-differ"])
    }

    @Test func huggingFaceWantsItsCard() async throws {
        let row = #"{"id":"1","tokens":["New","York"],"ner_tags":[1,2]}"#
        #expect(try await imported("hf", row, as: "train.jsonl").problems.map(\.code) == ["no-class-names"])
        let card =
            "---\ndataset_info:\n  features:\n  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          '1': \"B-L\\u00d6C\"\n          '2': 'I-LÖC'\n---\n"
        let documents = try await MemoryFiles(["d/train.jsonl": row, "d/README.md": card]).imported("hf").documents
        #expect(documents.map(\.marks) == [["LÖC New York"]])
        let names = try await imported("hf", #"{"tokens":["New","York"],"ner_tags":["B-L","I-L"]}"#, as: "train.jsonl").documents
        #expect(names.map(\.marks) == [["L New York"]])
    }

    @Test func glinerCountsTheLastTokenIn() async throws {
        let (documents, problems) = try await imported(
            "gliner", #"[{"tokenized_text":["New","York","now"],"ner":[[0,1,"city"]]},{"tokenized_text":["a"],"ner":[[0,1,"x"]]}]"#,
            as: "x.json")
        #expect(documents.map(\.marks) == [["city New York"]] && problems.map(\.code) == ["bad-span"])
    }

    // MARK: Texts

    @Test func bratReadsWhatBratWrites() async throws {
        let files = MemoryFiles([
            "d/p-001.txt": "Café Nørd 🧪\njoined Lumen Labs.",
            "d/p-001.ann":
                "T1\tORG 0 9\tCafé Nørd\nA1\tConfidence T1 High\n#1\tAnnotatorNotes T1\tchecked twice\nR1\trel Arg1:T1 Arg2:T2\nT2\tX 10 11;12 18\t🧪 joined\nT3\tORG 19 29\t\n",
            "d/bad.txt": "Café x Lumen", "d/bad.ann": "T1\tORG 0 4;7 12\tCafé Lumen\n",
            "d/off.txt": "Café", "d/off.ann": "T1\tORG 0 3\tCafé\n", "d/alone.ann": "",
        ])
        let (documents, problems) = try await files.imported("brat")
        #expect(documents.map(\.marks) == [["ORG Café Nørd", "X 🧪\njoined", "ORG Lumen Labs"]])
        #expect(problems.map(\.code) == ["no-text", "discontinuous", "offsets"])
    }

    @Test func webAnnoReadsWhatINCEpTIONWrites() async throws {
        let file = """
            #FORMAT=WebAnno TSV 3.3
            #T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|coarseValue|PosValue
            #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value

            #Text=🧪 a\\tb
            1-1\t0-2\t🧪\tN\tN\t*\tORG[1]\t
            1-2\t3-6\ta\tb\tN\tN\t_\t_\t

            #Text=Oslo_x
            2-1\t7-13\tOslo_x\t_\t_\t*[2]|*[3]\tGPE[2]|a\\|\\_b[3]\t
            2-1.1\t7-11\tOslo\t_\t_\t*\tLOC\t

            """
        // The token with a tab has more columns than it should.
        #expect(try await imported("webanno-tsv", file, as: "x.tsv").problems.map(\.code) == ["offsets"])
        let good = file.replacing("a\\tb", with: "a b").replacing("a\tb\tN", with: "a b\tN")
        let (documents, problems) = try await imported("webanno-tsv", good, as: "x.tsv")
        #expect(problems.isEmpty, "\(problems)")
        #expect(documents.map(\.marks) == [["ORG 🧪", "GPE Oslo_x", "a|_b Oslo_x", "LOC Oslo"]])
        #expect(documents.first?.text.string == "🧪 a b\nOslo_x")
    }

    @Test func comprehendReadsLinesAndFiles() async throws {
        let files = MemoryFiles([
            "d/a.csv": "File,Line,Begin Offset,End Offset,Type\nx.txt,1,0,3,A\nx.txt,9,0,3,A\n", "d/x.txt": "none\nAim 🧪\n",
            "e/a.csv": "File,Begin Offset,End Offset,Type\ny.txt,4,5,TUBE\n", "e/y.txt": "Aim\n🧪",
            "f/a.csv": "File,Line,Begin Offset,End Offset,Type\n../y.txt,1,0,3,A\n",
        ])
        let (documents, problems) = try await files.imported("comprehend")
        #expect(documents.map(\.marks) == [[], ["A Aim"], ["TUBE 🧪"]])
        #expect(problems.map(\.code) == ["no-document", "bad-row"])
    }

    @Test func webAnnotationsNeedAPosition() async throws {
        func page(_ selectors: String) -> MemoryFiles {
            MemoryFiles([
                "p.txt": "🧪 Oslo",
                "p.jsonld":
                    #"{"@context":"http://www.w3.org/ns/anno.jsonld","type":"Annotation","body":"GPE","target":{"source":"p.txt","selector":\#(selectors)}}"#,
            ])
        }
        let quote = #"{"type":"TextQuoteSelector","exact":"Oslo"}"#
        #expect(
            try await page(#"[{"type":"TextPositionSelector","start":3,"end":7},\#(quote)]"#).imported("w3c").documents.map(
                \.unexpectedUnit)
                == ["utf-16"])
        #expect(
            try await page(#"{"type":"TextPositionSelector","start":2,"end":6}"#).imported("w3c").documents.map(\.marks)
                == [["GPE Oslo"]])
        #expect(try await page(quote).imported("w3c").problems.map(\.code) == ["bad-annotation"])
    }

    // MARK: Labeling jobs

    @Test func aFinishedJobHasLabelsAndAnswers() async throws {
        func response(_ worker: String, _ entities: String) -> String {
            #"{"answers":[{"workerId":"\#(worker)","answerContent":{"crowd-entity-annotation":{"entities":[\#(entities)]}},"submissionTime":"2024-03-01T10:00:45.663Z"}]}"#
        }
        let tube = #"{"startOffset":0,"endOffset":2,"label":"TUBE"}"#
        let aim = #"{"startOffset":3,"endOffset":6,"label":"AIM"}"#
        let files = MemoryFiles([
            "out/job/manifests/output/output.manifest":
                #"{"source":"🧪 Aim","ner":{"annotations":{"entities":[\#(tube)]}},"ner-metadata":{"entities":[{"confidence":0.71}],"type":"groundtruth/text-span"}}"#
                + "\n" + #"{"source":"not yet"}"# + "\n"
                + #"{"source":"late","ner-metadata":{"failure-reason":"ClientError: expired","human-annotated":"true"}}"# + "\n"
                + #"{"source":"two words","ner":{"annotationsFromAllWorkers":[]}}"# + "\n",
            "out/job/annotations/worker-response/iteration-1/0/2024-03-01_10:00:00.json": response("w1", aim),
            "out/job/annotations/worker-response/iteration-1/0/2024-03-01_10:00:01.json": response("w2", tube),
            "out/job/annotations/worker-response/iteration-10/0/2024-03-01_10:00:00.json": response("w1", tube),
            "out/job/annotations/worker-response/iteration-2/0/2024-03-01_10:00:00.json": response("w1", "{}"),
            "out/job/annotations/worker-response/iteration-1/3/2024-03-01_10:00:00.json":
                #"{"answers":[{"workerId":"w1","answerContent":{"annotations":"{\"value\":[{\"start\":1,\"end\":2,\"tokens\":[\"words\"],\"tag\":\"W\"}]}"}}]}"#,
        ])
        let (documents, problems) = try await files.imported("ground-truth")
        #expect(documents.map { $0.entities?.count } == [1, nil, nil, nil])
        #expect(documents[0].marks == ["TUBE 🧪"] && documents[0].entities?.first?.confidence == 0.71)
        #expect(documents[0].answers.map(\.workerID) == ["w2", "w1"], "of w1 the answer of iteration 10 stands")
        #expect(documents[0].answers.allSatisfy { $0.spans.map { documents[0].text.slice($0) } == ["🧪"] })
        #expect(documents[3].answers.map { $0.spans.map { documents[3].text.slice($0) } } == [["words"]])
        #expect(problems.map(\.code) == ["bad-span"])
        #expect(documents[2].lineText.contains("ClientError"))
    }

    @Test func ofSeveralLabelAttributesOneMustBeNamed() async throws {
        let line =
            #"{"source":"Aim","a":{"annotations":{"entities":[]}},"b":{"annotations":{"entities":[{"startOffset":0,"endOffset":3,"label":"A"}]}}}"#
        #expect(try await imported("ground-truth", line, as: "x.manifest").problems.map(\.code) == ["several-attributes"])
        let named = try await imported("ground-truth", line, as: "x.manifest", ImportOptions(labelAttribute: "b"))
        #expect(named.documents.map(\.marks) == [["A Aim"]])
    }
}
