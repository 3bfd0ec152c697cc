/// A template's HTML with the Liquid in it blanked, byte for byte, so that offsets and lines stay.
struct TemplateSurface {
    private(set) var html: [UInt8]
    /// Whether parts of the page come from elsewhere.
    private(set) var usesPartials = false

    /// Goes as far as the template can be cut into pieces.
    init(_ source: TemplateSource) {
        html = source.bytes
        var reader = TemplateReader(source)
        var start = 0
        do throws(LiquidError) {
            while let piece = try reader.next() {
                switch piece {
                case .text: break
                // Something stands in an attribute's value, wherever it comes from.
                case .output: blank(start..<reader.position, with: UInt8(ascii: "x"))
                case .tag(let tag):
                    if tag.name == "include" || tag.name == "render" { usesPartials = true }
                    switch tag.name {
                    case "comment": _ = try reader.skipComment()
                    case "doc": _ = reader.takeVerbatim(until: "enddoc")
                    // Its content is HTML as it is.
                    case "raw":
                        let text = reader.takeVerbatim(until: "endraw") ?? reader.position..<reader.position
                        blank(start..<text.lowerBound, with: 0x20)
                        start = text.upperBound
                    default: break
                    }
                    blank(start..<reader.position, with: 0x20)
                }
                start = reader.position
            }
        } catch {
            // The parser reports it.
        }
    }

    private mutating func blank(_ range: Range<Int>, with filler: UInt8) {
        for index in range where html[index] != UInt8(ascii: "\n") { html[index] = filler }
    }
}
