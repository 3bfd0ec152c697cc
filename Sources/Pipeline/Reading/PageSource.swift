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

    /// TIFF is shown by no browser: such a page gets an image beside its text, and is named after that.
    var isShownByBrowsers: Bool { !ImageName.isTIFF(name) }

    /// The name of the page's image, from which those of text and record follow.
    var imageName: String { isShownByBrowsers ? name : ImageName.shownImage(of: name, page: 1) }

    /// What the manifest names: the page's image as a browser shows it.
    func reference(output: ObjectURI) -> ObjectURI { isShownByBrowsers ? document : output.appending(imageName) }

    package init(document: ObjectURI, name: String, givenLine: ManifestLine? = nil) {
        (self.document, self.name, self.givenLine) = (document, name, givenLine)
    }
}

/// What file names say about images.
enum ImageName {
    private static let readable: Set<String> = ["jpg", "jpeg", "png", "tif", "tiff", "pdf"]

    static func isReadable(_ name: String) -> Bool { readable.contains(suffix(of: name)) }
    static func isTIFF(_ name: String) -> Bool { ["tif", "tiff"].contains(suffix(of: name)) }

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

    /// For `a/p1.tif.p0001.png`, an image that an earlier run wrote, `a/p1.tif`; else `nil`.
    static func documentOfShownImage(_ name: String) -> String? {
        guard name.hasSuffix(".png") else { return nil }
        let stem = name.dropLast(4)
        guard let dot = stem.lastIndex(of: "."), stem[dot...].hasPrefix(".p"), stem[dot...].dropFirst(2).count >= 4,
            stem[dot...].dropFirst(2).allSatisfy({ $0.isASCII && $0.isNumber })
        else { return nil }
        return String(stem[..<dot])
    }
}
