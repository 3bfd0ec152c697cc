/// A rectangle in shares of the image as a browser shows it: origin top left, x to the right, y down, each value in 0...1.
package struct NormalizedBox: Hashable, Sendable {
    package var left: Double
    package var top: Double
    package var width: Double
    package var height: Double

    package init(left: Double, top: Double, width: Double, height: Double) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }
}

/// A word as printed on a page.
package struct PageWord: Hashable, Sendable {
    /// What the engine read, a hyphen at the line's end included.
    package var text: String
    /// 0...100.
    package var confidence: Double
    package var box: NormalizedBox
    /// Where the word stands in the page's text; a hyphen that was joined away is not part of it.
    package var range: Range<ScalarOffset>

    package init(text: String, confidence: Double, box: NormalizedBox, range: Range<ScalarOffset>) {
        (self.text, self.confidence, self.box, self.range) = (text, confidence, box, range)
    }
}

/// A line as printed, its words from left to right.
package struct PageLine: Hashable, Sendable {
    package var box: NormalizedBox
    package var words: [PageWord]

    package init(box: NormalizedBox, words: [PageWord]) { (self.box, self.words) = (box, words) }
}

/// What was read off one page.
package struct PageContent: Hashable, Sendable {
    package enum Status: String, Sendable {
        case found
        case notFound = "not-found"
    }

    package var status: Status
    /// The text object: lines joined by a space, paragraphs by one LF, no final newline. Empty when nothing was found.
    package var text: String
    /// How sure the reader is that this is the text sought, 0...1.
    package var confidence: Double
    /// The parts of the page that were read, in reading order.
    package var regions: [NormalizedBox]
    /// The lines read, in reading order. Every character of `text` but white space lies in one word's range.
    package var lines: [PageLine]
    /// Scalar offsets in `text` at which a hyphen at a line's end was taken out.
    package var joinedHyphens: [ScalarOffset]
    /// Size of the image as a browser shows it.
    package var widthPixels: Int
    package var heightPixels: Int
    /// Why these regions, in words.
    package var reason: String

    package init(
        status: Status, text: String, confidence: Double, regions: [NormalizedBox], lines: [PageLine],
        joinedHyphens: [ScalarOffset], widthPixels: Int, heightPixels: Int, reason: String
    ) {
        (self.status, self.text, self.confidence, self.regions) = (status, text, confidence, regions)
        (self.lines, self.joinedHyphens) = (lines, joinedHyphens)
        (self.widthPixels, self.heightPixels, self.reason) = (widthPixels, heightPixels, reason)
    }
}
