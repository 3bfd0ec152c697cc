import Annotations
import GroundTruth
import Testing

@testable import TrainingData

/// The running example in every format, byte for byte.
@Suite(.timeLimit(.minutes(1)))
struct GoldenExportTests {
    private func file(_ name: String, _ format: String, _ options: ExportOptions = ExportOptions(attribute: "ner")) throws -> String
    {
        let (files, losses) = try FormatTest(format, options).files(of: [runningExample()])
        #expect(losses.allSatisfy { $0.id == "all" }, "only what a format says of data sets: \(losses)")
        return String(decoding: try #require(files[name], "\(files.keys.sorted())"), as: UTF8.self)
    }

    private static let tokenPlaces = "[[0,4],[5,9],[10,11],[12,18],[19,24],[25,29],[30,32],[33,37],[37,38]]"
    private static let text = "Café Nørd 🧪 joined Lumen Labs in Oslo."

    @Test func spacyOffsets() throws {
        #expect(
            try file("all.jsonl", "spacy-jsonl")
                == #"{"entities":[[0,9,"ORG"],[19,29,"ORG"],[33,37,"GPE"]],"id":"p1","text":"\#(Self.text)"}"# + "\n")
    }

    @Test(arguments: [
        (TagScheme.bio2, "B-ORG I-ORG O O B-ORG I-ORG O B-GPE O"), (.iob1, "I-ORG I-ORG O O I-ORG I-ORG O I-GPE O"),
        (.bioes, "B-ORG E-ORG O O B-ORG E-ORG O S-GPE O"), (.bilou, "B-ORG L-ORG O O B-ORG L-ORG O U-GPE O"),
    ])
    func conll2003(scheme: TagScheme, tags: String) throws {
        let words = ["Café", "Nørd", "🧪", "joined", "Lumen", "Labs", "in", "Oslo", "."]
        let rows = zip(words, tags.split(separator: " ")).map { "\($0) -X- _ \($1)\n" }.joined()
        let options = ExportOptions(attribute: "ner", scheme: scheme)
        #expect(try file("all.conll", "conll", options) == "-DOCSTART- -X- O O\n\n\(rows)\n")
        #expect(
            try file("all.tokens.jsonl", "conll", options)
                == #"{"id":"p1","scheme":"\#(scheme.rawValue)","text":"\#(Self.text)","tokens":\#(Self.tokenPlaces)}"# + "\n")
    }

    @Test func groundTruth() throws {
        #expect(
            try file("all.manifest", "ground-truth")
                == #"{"id":"p1","ner":{"annotations":{"entities":[{"endOffset":9,"label":"ORG","startOffset":0},{"endOffset":30,"label":"ORG","startOffset":20},"#
                + #"{"endOffset":38,"label":"GPE","startOffset":34}],"labels":[{"label":"GPE"},{"label":"ORG"}]}},"#
                + #""ner-metadata":{"entities":[{"confidence":0.9},{"confidence":0.75},{"confidence":1.0}],"human-annotated":"yes","type":"groundtruth/text-span"},"#
                + #""source":"\#(Self.text)"}"# + "\n")
    }

    @Test func comprehend() throws {
        #expect(
            try file("all.csv", "comprehend")
                == "File,Line,Begin Offset,End Offset,Type\nall.txt,0,0,9,ORG\nall.txt,0,19,29,ORG\nall.txt,0,33,37,GPE\n")
        #expect(try file("all.txt", "comprehend") == "\(Self.text)\n")
    }

    @Test func huggingFace() throws {
        #expect(
            try file("all.jsonl", "hf")
                == #"{"end":[4,9,11,18,24,29,32,37,38],"id":"p1","ner_tags":[1,2,0,0,1,2,0,3,0],"start":[0,5,10,12,19,25,30,33,37],"#
                + #""text":"\#(Self.text)","tokens":["Café","Nørd","🧪","joined","Lumen","Labs","in","Oslo","."]}"# + "\n")
        #expect(
            try file("README.md", "hf") == """
                ---
                configs:
                - config_name: default
                  data_files:
                  - split: train
                    path: all.jsonl
                dataset_info:
                  features:
                  - name: end
                    sequence: int64
                  - name: id
                    dtype: string
                  - name: ner_tags
                    sequence:
                      class_label:
                        names:
                          '0': O
                          '1': B-ORG
                          '2': I-ORG
                          '3': B-GPE
                          '4': I-GPE
                  - name: start
                    sequence: int64
                  - name: text
                    dtype: string
                  - name: tokens
                    sequence: string
                ---

                """)
    }

    @Test func gliner() throws {
        #expect(
            try file("all.json", "gliner")
                == "[\n"
                + #"{"ner":[[0,1,"ORG"],[4,5,"ORG"],[7,7,"GPE"]],"tokenized_text":["Café","Nørd","🧪","joined","Lumen","Labs","in","Oslo","."]}"#
                + "\n]\n")
        #expect(
            try file("all.tokens.jsonl", "gliner") == #"{"id":"p1","text":"\#(Self.text)","tokens":\#(Self.tokenPlaces)}"# + "\n")
    }

    @Test func prodigy() throws {
        #expect(
            try file("all.jsonl", "prodigy")
                == #"{"_view_id":"ner_manual","answer":"accept","meta":{"doc":"p1"},"spans":[{"end":9,"label":"ORG","start":0,"token_end":1,"token_start":0},"#
                + #"{"end":29,"label":"ORG","start":19,"token_end":5,"token_start":4},{"end":37,"label":"GPE","start":33,"token_end":7,"token_start":7}],"#
                + #""text":"\#(Self.text)","tokens":[{"end":4,"id":0,"start":0,"text":"Café","ws":true},{"end":9,"id":1,"start":5,"text":"Nørd","ws":true},"#
                + #"{"end":11,"id":2,"start":10,"text":"🧪","ws":true},{"end":18,"id":3,"start":12,"text":"joined","ws":true},"#
                + #"{"end":24,"id":4,"start":19,"text":"Lumen","ws":true},{"end":29,"id":5,"start":25,"text":"Labs","ws":true},"#
                + #"{"end":32,"id":6,"start":30,"text":"in","ws":true},{"end":37,"id":7,"start":33,"text":"Oslo","ws":false},"#
                + #"{"end":38,"id":8,"start":37,"text":".","ws":false}]}"# + "\n")
    }

    @Test func labelStudio() throws {
        func result(_ number: Int, _ start: Int, _ end: Int, _ text: String, _ label: String, _ score: String) -> String {
            #"{"from_name":"label","id":"all-1-\#(number)","score":\#(score),"to_name":"text","type":"labels","value":{"end":\#(end),"labels":["\#(label)"],"start":\#(start),"text":"\#(text)"}}"#
        }
        #expect(
            try file("all.json", "label-studio")
                == "[\n" + #"{"annotations":[{"ground_truth":true,"result":["#
                + [
                    result(1, 0, 9, "Café Nørd", "ORG", "0.9"), result(2, 19, 29, "Lumen Labs", "ORG", "0.75"),
                    result(3, 33, 37, "Oslo", "GPE", "1.0"),
                ].joined(separator: ",") + #"],"was_cancelled":false}],"data":{"id":"p1","text":"\#(Self.text)"}}"# + "\n]\n")
        #expect(
            try file("label-config.xml", "label-studio") == """
                <View>
                  <Labels name="label" toName="text">
                    <Label value="GPE"/>
                    <Label value="ORG"/>
                  </Labels>
                  <Text name="text" value="$text"/>
                </View>

                """)
    }

    @Test func doccano() throws {
        #expect(
            try file("all.jsonl", "doccano")
                == #"{"id":"p1","label":[[0,9,"ORG"],[19,29,"ORG"],[33,37,"GPE"]],"text":"\#(Self.text)"}"# + "\n")
    }

    @Test func argilla() throws {
        #expect(
            try file("all.jsonl", "argilla")
                == #"{"id":"p1","ner.suggestion":[{"end":9,"label":"ORG","start":0},{"end":29,"label":"ORG","start":19},{"end":37,"label":"GPE","start":33}],"#
                + #""ner.suggestion.agent":"prelabel","ner.suggestion.score":[0.9,0.75,1.0],"text":"\#(Self.text)"}"# + "\n")
    }

    @Test func brat() throws {
        #expect(
            try file("all/p1.ann", "brat")
                == "T1\tORG 0 9\tCafé Nørd\nT2\tORG 19 29\tLumen Labs\nT3\tGPE 33 37\tOslo\n")
        #expect(try file("all/p1.txt", "brat") == Self.text)
        #expect(
            try file("all/annotation.conf", "brat") == "[entities]\nGPE\nORG\n\n[relations]\n\n[events]\n\n[attributes]\n")
    }

    @Test func webAnno() throws {
        #expect(
            try file("all/p1.tsv", "webanno-tsv") == """
                #FORMAT=WebAnno TSV 3.3
                #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value


                #Text=Café Nørd 🧪 joined Lumen Labs in Oslo.
                1-1\t0-4\tCafé\tORG[1]
                1-2\t5-9\tNørd\tORG[1]
                1-3\t10-12\t🧪\t_
                1-4\t13-19\tjoined\t_
                1-5\t20-25\tLumen\tORG[2]
                1-6\t26-30\tLabs\tORG[2]
                1-7\t31-33\tin\t_
                1-8\t34-38\tOslo\tGPE
                1-9\t38-39\t.\t_

                """)
    }

    @Test func webAnnotations() throws {
        let page = try JSONScanner.parse(try file("all/p1.jsonld", "w3c").utf8)
        #expect(page["@context"]?.string == "http://www.w3.org/ns/anno.jsonld" && page["type"]?.string == "AnnotationPage")
        let second = try #require(page["items"]?.array?[1])
        #expect(
            String(decoding: second.raw, as: UTF8.self)
                == #"{"body":[{"purpose":"tagging","type":"TextualBody","value":"ORG"}],"id":"urn:prelabel:p1:2","motivation":"tagging","#
                + #""target":{"selector":[{"end":29,"start":19,"type":"TextPositionSelector"},{"exact":"Lumen Labs","prefix":"é Nørd 🧪 joined ","suffix":" in Oslo.","type":"TextQuoteSelector"}],"#
                + #""source":"p1.txt"},"type":"Annotation"}"#)
        #expect(try file("all/p1.txt", "w3c") == Self.text)
    }

    /// The rows that spaCy 3.8 reads back, and what its own table of strings says.
    @Test func docBin() throws {
        let example = try runningExample()
        let sentence = ScalarOffset(0)..<ScalarOffset(38)
        let document = LabeledDocument(
            id: "p1", text: example.text, entities: example.entities, line: example.line, sentences: [sentence])
        let (files, losses) = try FormatTest("spacy").files(of: [document])
        let message = try MessagePack(parsing: try Zlib.decompress(try #require(files["all.spacy"]), atMost: 1 << 20))
        let tokens = try #require(message["tokens"]?.binary)
        let hex = tokens.prefix(64).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(
            hex == "cc4065c1764f765e" + "0300000000000000" + "7f01000000000000" + "0100000000000000" + "a59a8536c393691f"
                + "0100000000000000" + "7f01000000000000" + "ffffffffffffffff")
        #expect(tokens.count == 9 * 4 * 8 && losses.isEmpty)
        #expect(message["spaces"]?.binary == [1, 1, 1, 1, 1, 1, 1, 0, 0])
        #expect(message["lengths"]?.binary == [9, 0, 0, 0])
        #expect(message["version"]?.string == "0.1")
        #expect(
            message["strings"]?.array?.compactMap(\.string) == [
                ".", "Café", "GPE", "Labs", "Lumen", "Nørd", "ORG", "Oslo", "in", "joined", "🧪",
            ])
        #expect(message["attrs"]?.array?.map(\.int) == [65, 77, 78, 80])
    }

    @Test func theTableNamesEveryFormatOnce() {
        #expect(
            DataFormat.all.map(\.name) == [
                "ground-truth", "comprehend", "spacy-jsonl", "spacy", "conll", "hf", "gliner", "prodigy", "label-studio", "doccano",
                "argilla", "brat", "webanno-tsv", "w3c",
            ])
        #expect(DataFormat(named: "conll")?.fileExtension == "conll" && DataFormat(named: "nonsense") == nil)
    }
}

@Suite struct SpacyStringsTests {
    /// Values computed with spaCy 3.8.
    @Test(
        arguments: [
            ("Café", 6_806_715_258_286_457_036), ("Nørd", 2_263_502_754_373_016_229), ("🧪", 11_551_274_879_707_700_690),
            ("joined", 12_314_317_029_567_260_215), ("Oslo", 1_996_156_042_329_551_921), (".", 12_646_065_887_601_541_794),
            ("DISEASE", 9_255_184_837_977_538_312), ("abcdefgh", 17_751_780_907_874_141_760),
            ("abcdefghi", 13_885_881_106_499_164_936), ("", 0), ("ORG", 383), ("ID", 64), ("mark", 423), ("X", 101), ("cc", 407),
            ("_", 456), ("FLAG19", 19), ("FLAG63", 63), ("DEPRECATED001", 104), ("DEPRECATED276", 379), ("IS_ALPHA", 1),
            ("SPACE", 103), ("PERSON", 380), ("CARDINAL", 397),
        ] as [(String, UInt64)])
    func numbersStringsAsSpacyDoes(string: String, id: UInt64) {
        #expect(SpacyStrings.id(of: string) == id)
        #expect(id > 456 || SpacyStrings.fixedName(id) == string)
    }

    @Test func composedAndDecomposedAreTwoStrings() {
        #expect(SpacyStrings.id(of: "\u{E9}") != SpacyStrings.id(of: "e\u{301}"))
    }
}
