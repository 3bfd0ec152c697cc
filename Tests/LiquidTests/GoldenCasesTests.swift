import GroundTruth
import Liquid
import Testing

/// The cases of golden-liquid (jg-rp/golden-liquid on GitHub, MIT), where they are at hand.
@Suite struct GoldenCasesTests {
    /// Modes that are not supported: `strict2` refuses what the same case without that tag has to render.
    static let excludedTags: Set<String> = ["strict2"]

    @Test(.enabled(if: TestData.folder != nil, Comment(rawValue: TestData.skipped)))
    func everyCaseOfASupportedModePasses() throws {
        let cases = try #require(TestData.json("liquid/cases.json")["tests"]?.array)
        var excluded = 0
        for goldenCase in cases {
            let tags = goldenCase["tags"]?.array?.compactMap(\.string) ?? []
            guard Self.excludedTags.isDisjoint(with: tags) else {
                excluded += 1
                continue
            }
            try check(goldenCase)
        }
        #expect(cases.count > 100)
        #expect(Double(excluded) <= 0.03 * Double(cases.count))
    }

    private func check(_ goldenCase: JSONValue) throws {
        let name = Comment(rawValue: goldenCase["name"]?.string ?? "")
        let template = try #require(goldenCase["template"]?.string)
        let partials = goldenCase["templates"]
        let data = try goldenCase["data"].map { try LiquidObject($0) } ?? LiquidObject()
        let surroundings = Surroundings(partial: { partials?[$0]?.string })
        let result = Result { try Template(template, dialect: .standard).render(data, in: surroundings) }
        if goldenCase["invalid"]?.bool == true {
            #expect(throws: LiquidError.self, name) { try result.get() }
            return
        }
        let expected = goldenCase["results"]?.array ?? [goldenCase["result"]].compactMap(\.self)
        let text = try String(decoding: result.get(), as: UTF8.self)
        #expect(expected.contains { $0.string?.utf8.elementsEqual(text.utf8) ?? false }, name)
    }
}
