import GroundTruth
package import PageReading

/// What decides how a page is read. A page record made with other settings is not current.
package struct ReadingSettings: Hashable, Sendable {
    /// Raised when the reader finds or assembles text differently, so that pages are read anew.
    package static let readerVersion = 1

    package var region: ReadingRegion
    package var language: String
    package var engine: String

    package init(region: ReadingRegion, language: String, engine: String = PageReader.engineVersion) {
        (self.region, self.language, self.engine) = (region, language, engine)
    }

    var json: JSONOutput {
        [
            "engine": .string(engine), "language": .string(language), "reader": .int(Self.readerVersion),
            "region": .string(region.description),
        ]
    }
}
