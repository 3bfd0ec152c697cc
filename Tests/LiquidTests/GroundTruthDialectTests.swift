import Liquid
import Testing

@Suite struct GroundTruthDialectTests {
    static let task =
        #"{"task":{"input":{"text":"A & B's <b>\"x\"</b>","labels":["a","b<c"],"metadata":{"z":1,"a":{"q":"it's"}},"source-ref":"s3://papers/p 1.jpg"}}}"#

    @Test(arguments: [
        ("{{ task.input.text }}", "A &amp; B&#39;s &lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
        ("{{ task.input.text | escape }}", "A &amp; B&#39;s &lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
        ("{{ task.input.text | escape | escape }}", "A &amp; B&#39;s &lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
        ("{{ task.input.text | skip_autoescape }}", "A & B's <b>\"x\"</b>"),
        ("{{ task.input.text | skip_autoescape | escape }}", "A &amp; B&#39;s &lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
        ("{% assign t = task.input.text | skip_autoescape %}{{ t | escape }}", "A &amp; B&#39;s &lt;b&gt;&quot;x&quot;&lt;/b&gt;"),
        ("{{ '&lt; & <' | escape_once }}", "&lt; &amp; &lt;"),
        ("{{ task.input.labels | to_json }}", "[&quot;a&quot;,&quot;b&lt;c&quot;]"),
        ("{{ task.input.labels | to_json | escape }}", "[&quot;a&quot;,&quot;b&lt;c&quot;]"),
        ("{{ task.input.labels | to_json | skip_autoescape }}", #"["a","b<c"]"#),
        ("{{ task.input.labels | escape }}", "[&quot;a&quot;,&quot;b&lt;c&quot;]"),
        ("{{ task.input.metadata }}", "{&quot;z&quot;:1,&quot;a&quot;:{&quot;q&quot;:&quot;it&#39;s&quot;}}"),
        ("{{ task.input.source-ref | grant_read_access }}", "https://objects.example/papers/p 1.jpg?expires=600&amp;signature=ab"),
        (
            "{{ task.input['source-ref'] | grant_read_access | skip_autoescape }}",
            "https://objects.example/papers/p 1.jpg?expires=600&signature=ab"
        ),
        (
            "{% capture c %}<i>{{ task.input.labels[1] }}</i>{% endcapture %}{{ c }}{{ c | append: '<' }}",
            "<i>b&lt;c</i><i>b&lt;c</i>&lt;"
        ),
        ("{{ 'a<\nb' | newline_to_br }}", "a&lt;<br />\nb"),
        ("{% for p in task.input.metadata %}{{ p[0] }}:{{ p[1] }} {% endfor %}", "z:1 a:{&quot;q&quot;:&quot;it&#39;s&quot;} "),
        ("{{ task.input.nothing }}{{ nothing.at.all }}", ""),
        ("${image_url}", "${image_url}"),
        ("{% cycle '<' %}{{ nil | escape }}", "&lt;"),
    ])
    func outputIsEscapedOnce(template: String, expected: String) throws {
        #expect(try page(template, Self.task) == expected)
    }

    @Test func jsonIsCompactAndKeepsItsNumbers() throws {
        let data = #"{"v":{"b":[1,2.50,-0.0,1e3,12345678901234567890,true,null],"a":"q\"\\\n\u0001é\u2028"}}"#
        #expect(
            try page("{{ v | to_json | skip_autoescape }}", data)
                == "{\"b\":[1,2.5,-0.0,1000.0,12345678901234567890,true,null],\"a\":\"q\\\"\\\\\\n\\u0001é\u{2028}\"}")
    }

    @Test func everyReplacedByteIsReplacedWhereverItStands() throws {
        // Around the size at which long texts are cut into pieces.
        for count in [0, 1, 23, 24, 25, 511, 512, 513, 1_025, 3_000] {
            let text = String("a<b&\"é'>".unicodeScalars.map(Character.init).cycled(to: count))
            let expected = text.map { character in
                switch character {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                case "\"": "&quot;"
                case "'": "&#39;"
                default: String(character)
                }
            }.joined()
            let bytes = try Template("{{ t }}").render(LiquidObject([(key: "t", value: .string(text))]))
            #expect(String(decoding: bytes, as: UTF8.self) == expected)
        }
    }

    @Test func grantReadAccessNeedsAURIAndSomethingThatSigns() throws {
        let missing = #expect(throws: LiquidError.self) { try page("{{ task.input.image | grant_read_access }}", Self.task) }
        #expect(missing?.code == .access)
        let template = try Template("{{ 's3://b/k' | grant_read_access }}")
        let unsigned = #expect(throws: LiquidError.self) { try template.render(LiquidObject()) }
        #expect(unsigned?.code == .access)
        struct Denied: Error {}
        let denied = #expect(throws: LiquidError.self) {
            try template.render(LiquidObject(), in: Surroundings(grantReadAccess: { _ in throw Denied() }))
        }
        #expect(denied?.location?.column == 17)
    }

    @Test func replacementsTouchTheTemplatesOwnTextOnly() throws {
        let template = try Template(
            "<a href=old>{{ t }}{% raw %}old{{ {% endraw %}{% if t == 'old' %}oldold{% endif %}{% include 'p' %}",
            replacements: [TextReplacement(of: "old", with: "new"), TextReplacement(of: "newnew", with: "2")])
        let bytes = try template.render(
            LiquidObject([(key: "t", value: .string("old"))]), in: Surroundings(partial: { _ in "-old" }))
        #expect(String(decoding: bytes, as: UTF8.self) == "<a href=new>oldnew{{ 2-new")
    }

    @Test func aTemplateRendersManyTasksAndRemembersNothing() throws {
        let template = try Template("{% increment n %}{% cycle 1, 2 %}{% assign x = x | plus: 1 %}{{ x }}")
        let first = try template.render(LiquidObject())
        #expect(first == Array("011".utf8))
        #expect(try template.render(LiquidObject()) == first)
    }

    @Test func theSeedsTemplateRenders() throws {
        let template = """
            <div id="document-text" style="display:none">{{ task.input.text }}</div>
            <div id="document-image" style="display:none">{{ task.input.taskObject | grant_read_access }}</div>
            <div id="metadata" style="display:none">{{ task.input.metadata }}</div>
            """
        let data = #"{"task":{"input":{"taskObject":"s3://demo-in/p.jpg","metadata":{"isbn":"0"},"text":"Aim: n < 5"}}}"#
        let expected = """
            <div id="document-text" style="display:none">Aim: n &lt; 5</div>
            <div id="document-image" style="display:none">https://objects.example/demo-in/p.jpg?expires=600&amp;signature=ab</div>
            <div id="metadata" style="display:none">{&quot;isbn&quot;:&quot;0&quot;}</div>
            """
        #expect(try page(template, data) == expected)
    }
}

extension Array {
    /// The elements again and again, up to a count.
    fileprivate func cycled(to count: Int) -> [Element] { (0..<count).map { self[$0 % self.count] } }
}
