package import GroundTruth
package import Storage

/// A page image to be read, and the names of what is made of it.
package struct PageSource: Sendable {
    /// What was given.
    package let document: ObjectURI
    /// The document's path relative to its input, segments parted by `/`.
    package let name: String
    /// The line that came with the document, whose other keys pass through.
    package let givenLine: ManifestLine?
    /// The page of a TIFF or PDF file, from 1, which no browser shows: such a page gets an image beside its text and is named after
    /// that. `nil` for an image that is a page.
    package let page: Int?

    /// The name of the page's image, from which those of text and record follow.
    var imageName: String { page.map { ImageName.shownImage(of: name, page: $0) } ?? name }

    /// What the manifest names: the page's image as a browser shows it.
    func reference(output: ObjectURI) -> ObjectURI { page == nil ? document : output.appending(imageName) }

    package init(document: ObjectURI, name: String, givenLine: ManifestLine? = nil, page: Int? = nil) {
        (self.document, self.name, self.givenLine, self.page) = (document, name, givenLine, page)
    }
}

/// What file names say about images.
enum ImageName {
    private static let readable: Set<String> = ["jpg", "jpeg", "png", "tif", "tiff", "pdf"]

    static func isReadable(_ name: String) -> Bool { readable.contains(suffix(of: name)) }
    /// Whether a file may hold several pages, none of which a browser shows.
    static func isDocument(_ name: String) -> Bool { ["tif", "tiff", "pdf"].contains(suffix(of: name)) }

    private static func suffix(of name: String) -> String {
        guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }

    /// What the image of a page is called that browsers can show: `a/p1.tif.p0001.png`.
    ///
    /// - Parameter page: From 1.
    static func shownImage(of document: String, page: Int) -> String {
        let digits = "\(page)"
        return "\(document).p\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits).png"
    }

    /// For `a/p1.tif.p0001.png`, an image that an earlier run wrote, `a/p1.tif` and 1; else `nil`.
    static func documentAndPage(ofShownImage name: String) -> (document: String, page: Int)? {
        guard name.hasSuffix(".png") else { return nil }
        let stem = name.dropLast(4)
        guard let dot = stem.lastIndex(of: "."), stem[dot...].hasPrefix(".p"), let page = Int(stem[dot...].dropFirst(2)), page > 0,
            case let document = String(stem[..<dot]), name == shownImage(of: document, page: page)
        else { return nil }
        return (document, page)
    }
}
