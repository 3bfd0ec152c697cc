import Liquid
import Testing

/// Each template here would take the machine's time or memory; each is stopped by the limit it is named for.
@Suite(.timeLimit(.minutes(1)))
struct LimitTests {
    static let million = "{% for i in (1..1000000000) %}"

    @Test(arguments: [
        (million + million + "{% endfor %}{% endfor %}", "steps"),
        (million + "{% endfor %}", "steps"),
        ("{% for i in (-9223372036854775808..9223372036854775807) %}x{% endfor %}", "steps"),
        ("{{ (1..1000000000) | join }}", "elements"),
        ("{{ (1..9223372036854775807) | reverse | first }}", "elements"),
        (million + "{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}{% endfor %}", "outputBytes"),
        ("{% tablerow i in (1..1000000000) %}{% endtablerow %}", "outputBytes"),
        (million + "{% cycle 1, 2 %}{% increment x %}{% endfor %}", "steps"),
        ("{% capture x %}aaaaaaaaaa{% endcapture %}" + doubling("{% capture x %}{{ x }}{{ x }}{% endcapture %}"), "outputBytes"),
        ("{% assign x = 'aaaaaaaaaa' %}" + doubling("{% assign x = x | append: x %}"), "madeBytes"),
        ("{% assign x = 'a,a' %}" + doubling("{% assign x = x | replace: 'a', x %}"), "madeBytes"),
        ("{% assign x = 'a a' | split: ' ' %}" + doubling("{% assign x = x | concat: x %}"), "steps"),
        ("{% assign x = 9 %}" + doubling("{% assign x = x | times: x %}"), "digits"),
        ("{{ 1 | times: \(String(repeating: "9", count: 2_000)) }}", "digits"),
        ("{{ 'now' | date: '%999999999Y' }}", "wider"),
        ("{% assign x = 'a' %}" + doubling("{% assign x = x | append: x | escape %}") + "{{ x | size }}", "madeBytes"),
    ])
    func bombsAreStopped(template: String, limit: String) {
        let error = #expect(throws: LiquidError.self) { try rendered(template) }
        #expect(error?.code == .limit)
        #expect(error?.message.contains(limit) == true, Comment(rawValue: error?.message ?? ""))
        #expect(error?.location != nil)
    }

    private static func doubling(_ step: String) -> String { String(repeating: step, count: 64) }

    @Test func manyReferencesToOneTextDoNotMultiplyIt() {
        let setup = "{% assign x = 'a' %}" + String(repeating: "{% assign x = x | append: x %}", count: 20)
        let list =
            "{% assign l = '' | split: '' %}{% for i in (1..1000) %}{% assign y = x | split: ',' %}{% assign l = l | concat: y %}{% endfor %}"
        let error = #expect(throws: LiquidError.self) { try rendered(setup + list + "{{ l | join | size }}") }
        #expect(error?.code == .limit)
    }

    @Test func nestingIsBounded() throws {
        func nested(_ count: Int) -> String {
            String(repeating: "{% if true %}", count: count) + "x" + String(repeating: "{% endif %}", count: count)
        }
        #expect(try rendered(nested(99)) == "x")
        #expect(throws: LiquidError.self) { try Template(nested(100)) }
        #expect(throws: LiquidError.self) { try Template(nested(100_000), limits: Limits(templateBytes: 1 << 24)) }
        let brackets = String(repeating: "a[", count: 50_000) + "1" + String(repeating: "]", count: 50_000)
        #expect(throws: LiquidError.self) { try Template("{{ \(brackets) }}") }
        let liquids = String(repeating: "liquid ", count: 50_000) + "echo 1"
        #expect(throws: LiquidError.self) { try Template("{% \(liquids) %}") }
    }

    @Test func partialsThatIncludeThemselvesAreStopped() {
        for tag in ["include", "render"] {
            let error = #expect(throws: LiquidError.self) {
                try rendered(
                    "{% \(tag) 'a' %}", partials: ["a": "{% \(tag) 'b' %}", "b": "{% if true %}{% \(tag) 'a' %}{% endif %}"])
            }
            #expect(error?.code == .limit)
        }
        let twice = #expect(throws: LiquidError.self) {
            try rendered("{% include 'a' %}", partials: ["a": "{% for i in (1..9) %}{% include 'a' %}{% endfor %}"])
        }
        #expect(twice?.code == .limit)
    }

    @Test func longChainsTakeTimeThatGrowsWithTheirLength() throws {
        let chain = String(repeating: " | append: 'a' | remove: 'a'", count: 20_000)
        #expect(try rendered("{{ 'x'\(chain) }}") == "x")
        let conditions = String(repeating: "false or ", count: 50_000) + "true"
        #expect(try rendered("{% if \(conditions) %}yes{% endif %}") == "yes")
    }

    @Test func searchesTakeLinearTime() throws {
        // Each of these would take hours if every start were compared anew.
        let text = String(repeating: "a", count: 500_000)
        let data = #"{"t":"\#(text)","p":"\#(text.dropLast(250_000))b"}"#
        #expect(try rendered("{% if t contains p %}x{% endif %}{{ t | remove: p | size }}", data) == "500000")
        let tags = #"{"t":"\#(String(repeating: "<script><!--", count: 40_000))"}"#
        #expect(try rendered("{{ t | strip_html | size }}", tags) == "4")
        let references = #"{"t":"\#(String(repeating: "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", count: 10_000))"}"#
        #expect(try rendered("{{ t | escape_once | size }}", references) == "450000")
    }

    @Test func templatesAndPartialsHaveASize() {
        let long = String(repeating: "x", count: 1_001)
        #expect(throws: LiquidError.self) { try Template(String(repeating: "x", count: (1 << 20) + 1)) }
        let error = #expect(throws: LiquidError.self) {
            try rendered("{% include 'p' %}", partials: ["p": long], limits: Limits(templateBytes: 1_000))
        }
        #expect(error?.code == .limit)
    }
}
