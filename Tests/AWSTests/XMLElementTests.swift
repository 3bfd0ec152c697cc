@testable import AWS
import Testing

@Suite struct XMLElementTests {
    @Test func readsNamesTextsAndChildren() throws {
        let document = try XMLElement(
            parsing: Array(
                """
                <?xml version="1.0"?><!-- <x> --><s:List xmlns="a>b" c='"'><Key>a &lt;b&gt; &amp;&#x1F9EA;&#233;</Key><Key/>
                <![CDATA[<raw>]]><Deep><Er><Code> x </Code></Er></Deep></s:List>trailing
                """.utf8))
        #expect(document.name == "List")
        #expect(document.children.map(\.name) == ["Key", "Key", "Deep"])
        #expect(document["Key"]?.text == "a <b> &🧪é")
        #expect(document.text == "\n<raw>")
        #expect(document.first("Code")?.text == " x ")
        #expect(document.first("None") == nil)
    }

    @Test(arguments: [
        "", "<", "<a", "<a>", "<a></b>", "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", "</a>", "text",
        "<a>&amp</a>",
        "<!-- <a/>", "<a b='></a>",
    ])
    func refusesWhatItCannotBe(text: String) {
        let error = #expect(throws: AWSError.self) { try XMLElement(parsing: Array(text.utf8)) }
        #expect(error?.code == .badResponse)
    }

    @Test func isBoundedInDepthAndQuickOnHostileInput() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: AWSError.self) { try XMLElement(parsing: Array(deep.utf8)) }
        let comments = "<a>" + String(repeating: "<!--", count: 100_000)
        #expect(throws: AWSError.self) { try XMLElement(parsing: Array(comments.utf8)) }
    }
}
