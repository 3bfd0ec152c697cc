import Liquid
import Testing

/// Expected texts are ruby-liquid 5.4's, in strict mode, unless something else is said.
@Suite struct StandardLiquidTests {
    static let data = #"""
        {"s":"Hello World","n":5,"f":2.5,"nothing":null,"no":false,"list":["b","a","C",null,"ä"],"nums":[3,1,2,10],
         "objects":[{"k":"x","v":1},{"k":"y","v":null},{"k":"x","v":3.5}],"object":{"k":"v","a-b":"dash","list":[1,2]},"nest":[[1,[2]],3]}
        """#

    @Test(arguments: [
        ("{{ object.a-b }} {{ object['k'] }} {{ list[-1] }} {{ nums.last }} {{ object.first }} {{ s.size }}", "dash v ä 10 kv 11"),
        ("{{ list }}|{{ nest }}|{{ object }}", #"baCä|123|{"k"=>"v", "a-b"=>"dash", "list"=>[1, 2]}"#),
        ("{% if true and false and false or true %}yes{% else %}no{% endif %}", "no"),
        ("{% if false or true and true %}yes{% else %}no{% endif %}", "yes"),
        ("{% if s contains 'World' and list contains 'C' %}yes{% endif %}", "yes"),
        ("{% if nothing == nil and nothing == blank and '' == empty and 1 == 1.0 %}yes{% endif %}", "yes"),
        ("{% unless n > 4 %}a{% elsif n == 5 %}b{% else %}c{% endunless %}", "b"),
        ("{% case n %}{% when 4, 5 or 6 %}in{% else %}out{% endcase %}", "in"),
        ("{% for i in (1..4) reversed %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}", "4,3,2,1"),
        ("{% for i in nums limit: 2 %}{{ i }}{% endfor %}-{% for i in nums offset: continue %}{{ i }}{% endfor %}", "31-210"),
        ("{% for p in object %}{{ p[0] }}={{ p[1] }};{% endfor %}", "k=v;a-b=dash;list=12;"),
        ("{% for i in (1..3) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}", "13"),
        ("{% for i in nothing %}{% else %}none{% endfor %}", "none"),
        (
            "{% for a in (1..2) %}{% for b in (1..2) %}{{ forloop.parentloop.index }}{{ forloop.index }} {% endfor %}{% endfor %}",
            "11 12 21 22 "
        ),
        (
            "{% tablerow i in (1..3) cols: 2 %}{{ i }}{% endtablerow %}",
            "<tr class=\"row1\">\n<td class=\"col1\">1</td><td class=\"col2\">2</td></tr>\n<tr class=\"row2\"><td class=\"col1\">3</td></tr>\n"
        ),
        ("{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}{% cycle 'a', 'b' %}", "aba"),
        ("{% increment c %}{% increment c %}{% decrement c %}", "011"),
        ("{% capture x %}{{ n }}{{ n }}{% endcapture %}{{ x | plus: 1 }}", "56"),
        ("{% liquid\nassign x = 3\nif x > 2\n echo x | times: 2\nendif\n%}", "6"),
        ("a {%- if true -%} b {%- endif -%} c", "abc"),
        ("{% if true %} \n {% assign x = 1 %} {% endif %}|", "|"),
        ("{% raw %}{{ x }} {% if %}{% endraw %}", "{{ x }} {% if %}"),
        ("{% comment %}{% if %}{% comment %}{% endcomment %}{{{% endcomment %}x", nil),
        ("{% # note %}{{ 'a' }}", "a"),
        ("{% ifchanged %}a{% endifchanged %}{% ifchanged %}a{% endifchanged %}", "a"),
    ])
    func tagsDoAsInRuby(template: String, expected: String?) throws {
        guard let expected else {
            #expect(throws: LiquidError.self) { try rendered(template, Self.data) }
            return
        }
        #expect(try rendered(template, Self.data) == expected)
    }

    @Test(arguments: [
        ("10.1 | minus: 2.2", "7.9"), ("10 | divided_by: 4", "2"), ("-7 | divided_by: 2", "-4"), ("-7 | modulo: 3", "2"),
        ("7 | divided_by: 2.0", "3.5"), ("5.666 | round: 2", "5.67"), ("2.5 | round", "3"), ("-2.5 | round", "-3"),
        ("1234 | round: -2", "1200"),
        ("9223372036854775807 | plus: 1", "9223372036854775808"),
        ("3000000000 | times: 3000000000 | times: 10", "90000000000000000000"),
        ("90000000000000000000 | divided_by: 7", "12857142857142857142"), ("'12.50' | plus: 0", "12.5"),
        ("' 42abc' | plus: 0", "42"),
        ("1.0", "1.0"), ("100000000000000000.0", "1.0e+17"), ("0.00001", "1.0e-05"), ("0.1 | plus: 0.2", "0.3"),
        ("s | slice: -5, 3", "Wor"),
        ("s | truncate: 8", "Hello..."), ("s | truncatewords: 1", "Hello..."),
        ("s | replace: 'o', '0' | remove_first: 'l'", "Hel0 W0rld"),
        ("s | replace: '', '-'", "-H-e-l-l-o- -W-o-r-l-d-"), ("s | replace_last: 'o', '0'", "Hello W0rld"),
        ("s | split: 'o' | join: '|'", "Hell| W|rld"),
        ("'éÉ ß' | upcase", "ÉÉ SS"), ("'HELLO wORLD' | capitalize", "Hello world"),
        ("'<a> & \"' | escape", "&lt;a&gt; &amp; &quot;"),
        ("'&lt; & <' | escape_once", "&lt; &amp; &lt;"), ("'a b&ü' | url_encode", "a+b%26%C3%BC"),
        ("'a+b%26%C3%BC' | url_decode", "a b&ü"),
        ("'<p>a<!-- x --><script>b</script>c' | strip_html", "ac"), ("'ü' | base64_encode", "w7w="),
        ("'w7w=' | base64_decode", "ü"),
        ("'?>' | base64_url_safe_encode", "Pz4="), ("list | sort_natural | join", "a b C ä "),
        ("nums | sort | reverse | first", "10"),
        ("objects | map: 'k' | uniq | join: ','", "x,y"), ("objects | where: 'k', 'x' | size", "2"), ("objects | sum: 'v'", "4.5"),
        ("objects | find: 'v', 3.5 | map: 'k'", "x"), ("objects | find_index: 'k', 'y'", "1"), ("objects | has: 'k', 'z'", "false"),
        ("objects | reject: 'k', 'x' | map: 'k'", "y"), ("objects | compact: 'v' | size", "2"),
        ("nest | concat: nums | join: ','", "1,2,3,3,1,2,10"),
        ("no | default: 'd'", "d"), ("no | default: 'd', allow_false: true", "false"), ("nothing | default: 'd'", "d"),
        ("'' | default", ""),
        ("(1..3) | join: '+'", "1+2+3"), ("(1..3)", "1..3"), ("list | size", "5"), ("n | at_most: 3 | at_least: 4", "4"),
    ])
    func filtersDoAsInRuby(expression: String, expected: String) throws {
        #expect(try rendered("{{ \(expression) }}", Self.data) == expected)
    }

    @Test(arguments: [
        "10 | divided_by: 0", "'x' | base64_decode", "nums | sort: 'k'", "list | concat: 1", "s | slice: 'x'", "nums | map: 'k'",
        "'%ff' | url_decode", "s | truncate: nothing", "'now' | date: '%'",
    ])
    func whatAFilterCannotDoIsAnError(expression: String) {
        let error = #expect(throws: LiquidError.self) { try rendered("{{ \(expression) }}", Self.data) }
        #expect(error?.code == .argument)
        #expect(error?.location?.line == 1)
    }

    @Test func valuesAreComparedByBytes() throws {
        // é as one scalar and as two: canonically equivalent, not the same.
        let data = #"{"a":"\u00e9","b":"e\u0301","caf\u00e9":1}"#
        #expect(try rendered("{% if a == b %}same{% else %}different{% endif %}", data) == "different")
        #expect(try rendered("{{ ['cafe\u{301}'] }}|{{ ['caf\u{E9}'] }}", data) == "|1")
        // The Kelvin sign is canonically K.
        #expect(try rendered("{% assign K = 1 %}{{ ['\u{212A}'] }}|{{ K }}") == "|1")
    }

    @Test func keyOrderStaysAndTheLastOfTwoEqualKeysCounts() throws {
        let members = (0..<40).map { "\"k\($0 * 7 % 40)\":\($0)" }.joined(separator: ",")
        let data = "{\"o\":{\(members),\"k7\":\"again\"}}"
        let keys = (0..<40).map { "k\($0 * 7 % 40)" }.joined(separator: " ")
        #expect(try rendered("{% for p in o %}{{ p[0] }} {% endfor %}", data) == keys + " ")
        #expect(try rendered("{{ o.k7 }} {{ o.size }}", data) == "again 40")
    }

    // MARK: Partials

    @Test func includeSeesAndChangesItsSurroundings() throws {
        let partials = ["a/item": "[{{ item }}{{ extra }}]{% assign seen = item %}"]
        let template = "{% include 'a/item' for list, extra: '!' %}{{ seen }}{{ extra }}"
        #expect(try rendered(template, #"{"list":[1,2]}"#, partials: partials) == "[1!][2!]2")
    }

    @Test func renderSeesDataAndArgumentsOnly() throws {
        let partials = ["p": "{{ x }}{{ y }}{{ top }}{% assign z = 1 %}", "q": "{{ forloop.index }}{{ q }}{% break %}-"]
        #expect(try rendered("{% assign y = 2 %}{% render 'p', x: 1 %}{{ z }}", #"{"top":"t"}"#, partials: partials) == "1t")
        #expect(try rendered("{% render 'q' for list %}|", #"{"list":["a","b"]}"#, partials: partials) == "1a2b|")
    }

    @Test func renderForbidsIncludeInside() {
        let error = #expect(throws: LiquidError.self) {
            try rendered("{% render 'p' %}", partials: ["p": "\n {% include 'q' %}", "q": ""])
        }
        #expect(error?.code == .partial)
        #expect(error.map { "\($0)" }?.hasPrefix("p:2:2: `include` cannot be used") == true)
    }
}
