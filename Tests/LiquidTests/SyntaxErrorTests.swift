import Liquid
import Testing

@Suite struct SyntaxErrorTests {
    @Test(arguments: [
        ("{{ x", "template:1:1: `{{` is not closed; expected `}}`"),
        ("a\nü {% if x %}", "template:2:3: `if` is not closed; expected `endif`"),
        ("{% for x of y %}{% endfor %}", "template:1:1: expected `in`: for NAME in LIST"),
        ("{{ 'a }}", "template:1:4: a text that begins with ' is not closed"),
        ("{{ a && b }}", "template:1:6: unexpected character `&`; Liquid has no such operator"),
        ("{{ a..b }}", "template:1:5: expected the end after a value and its filters, found `..`"),
        ("{{ a | upcas }}", "template:1:8: there is no filter `upcas`; did you mean `upcase`?"),
        ("{{ a | to_json }}", "template:1:8: there is no filter `to_json`; it is one of Ground Truth's and not in standard Liquid"),
        ("{{ a | append }}", "template:1:8: the filter `append` takes 1 argument, found 0"),
        ("{{ a | join: 1, 2 }}", "template:1:8: the filter `join` takes 0 to 1 arguments, found 2"),
        ("{% iff x %}", "template:1:1: there is no tag `iff`; did you mean `if`?"),
        ("{% if a %}{% endfor %}", "template:1:11: `endfor` does not close `if`; expected `endif`"),
        ("{% else %}", "template:1:1: `else` has no block here that it belongs to"),
        ("{% %}", "template:1:1: expected a tag's name after `{%`"),
        ("{% assign x 1 %}", "template:1:1: expected `=` after the name: assign NAME = VALUE"),
        ("{% render x %}", "template:1:1: `render` takes a partial's name in quotes; `include` also takes a variable"),
        ("{% liquid\n assign x = 1\n fi x\n%}", "template:3:2: there is no tag `fi`; did you mean `if`?"),
    ])
    func parseErrorsSayWhereAndWhatToDo(template: String, expected: String) {
        let error = #expect(throws: LiquidError.self) { try Template(template, dialect: .standard) }
        #expect(error.map { "\($0)" } == expected)
    }

    @Test func renderErrorsSayWhere() {
        let error = #expect(throws: LiquidError.self) { try rendered("a\nb {{ 1 | plus: 1 | divided_by: x }}") }
        #expect(error.map { "\($0)" } == "template:2:20: divided by 0")
    }

    @Test func errorsInPartialsNameThePartial() {
        let error = #expect(throws: LiquidError.self) { try rendered("{% include 'p' %}", partials: ["p": "\n{{ x | nope }}"]) }
        #expect(error?.location?.description == "p:2:8")
        let missing = #expect(throws: LiquidError.self) { try rendered(" {% include 'gone' %}") }
        #expect(missing.map { "\($0)" } == "template:1:2: there is no partial `gone`")
    }
}
