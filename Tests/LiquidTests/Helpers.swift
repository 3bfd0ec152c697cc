import FoundationEssentials
import GroundTruth
import Liquid

/// Renders a template with variables given as JSON.
func rendered(
    _ template: String, _ json: String = "{}", dialect: Dialect = .standard, partials: [String: String] = [:],
    limits: Limits = Limits()
) throws -> String {
    let data = try LiquidObject(JSONScanner.parse(Array(json.utf8)))
    let surroundings = Surroundings(
        partial: { partials[$0] },
        grantReadAccess: { "https://objects.example/\($0.dropFirst(5))?expires=600&signature=ab" },
        now: { 1_700_000_000 })
    let bytes = try Template(template, dialect: dialect, limits: limits).render(data, in: surroundings)
    return String(decoding: bytes, as: UTF8.self)
}

/// Renders in Ground Truth's dialect.
func page(_ template: String, _ json: String = "{}", partials: [String: String] = [:]) throws -> String {
    try rendered(template, json, dialect: .groundTruth, partials: partials)
}

enum TestData {
    static let skipped = "the larger data sets are not on this machine (PRELABEL_TEST_DATA names their folder)"
    static var folder: String? { ProcessInfo.processInfo.environment["PRELABEL_TEST_DATA"] }

    static func json(_ path: String) throws -> JSONValue {
        let url = URL(filePath: folder ?? "").appending(path: path)
        return try JSONScanner.parse(Array(Data(contentsOf: url)))
    }
}
