import Storage
import Subprocess
import SystemPackage

/// A PDF file whose pages become images, through poppler's `pdfinfo` and `pdftoppm` (Debian: poppler-utils).
///
/// The tools run with bounds on processor time and memory: a PDF is a program of sorts, and may be a hostile one.
struct PDFDocument: Sendable {
    /// Beyond this a document is refused; asynchronous Textract takes as many.
    static let maximumPages = 3000
    /// What scanners make of a page. Larger sheets get fewer dots an inch, so that no page has more than ``maximumPixels``.
    static let resolutionDPI = 300.0
    static let maximumPixels = 40_000_000.0
    private static let limits = ["--as=2147483648", "--cpu=60"]
    private static let maximumOutputBytes = 256 << 20

    let pageCount: Int
    private let file: UnnamedFile

    /// - Throws: ``DocumentError`` for what `pdfinfo` cannot read, and for too many pages.
    init(_ bytes: [UInt8]) async throws {
        file = try UnnamedFile()
        try file.descriptor.writeAll(bytes)
        let info = try await Self.run("pdfinfo", [file.path.string], maximumBytes: 1 << 20)
        let text = String(decoding: info, as: UTF8.self)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Pages:") }),
            let count = Int(line.dropFirst("Pages:".count).trimmingPrefix { $0 == " " }), count > 0
        else { throw DocumentError(message: "the PDF has no pages") }
        guard count <= Self.maximumPages else {
            throw DocumentError(message: "the PDF has \(count) pages; at most \(Self.maximumPages) are read")
        }
        pageCount = count
    }

    /// - Parameter page: From 1.
    /// - Returns: A grey PNG.
    func image(ofPage page: Int) async throws -> [UInt8] {
        let range = ["-f", "\(page)", "-l", "\(page)"]
        let size = try await size(ofPage: page, range: range)
        let atFullResolution = size.width * size.height * (Self.resolutionDPI / 72) * (Self.resolutionDPI / 72)
        let resolution = Self.resolutionDPI * min(1, (Self.maximumPixels / atFullResolution).squareRoot())
        guard resolution >= 30 else {
            throw DocumentError(
                message: "page \(page) measures \(Int(size.width)) x \(Int(size.height)) points; no sheet of paper is so large")
        }
        return try await Self.run(
            "pdftoppm", ["-r", "\(Int(resolution))", "-gray", "-png", "-singlefile"] + range + [file.path.string],
            maximumBytes: Self.maximumOutputBytes)
    }

    /// Width and height in points.
    private func size(ofPage page: Int, range: [String]) async throws -> (width: Double, height: Double) {
        let info = try await Self.run("pdfinfo", range + [file.path.string], maximumBytes: 1 << 20)
        let lines = String(decoding: info, as: UTF8.self).split(separator: "\n")
        // "Page    1 size:  612 x 792 pts (letter)"
        for line in lines where line.hasPrefix("Page ") && line.contains("size:") {
            let words = line.split(separator: " ")
            if let cross = words.firstIndex(of: "x"), cross > 0, cross + 1 < words.count, let width = Double(words[cross - 1]),
                let height = Double(words[cross + 1]), width > 0, height > 0
            {
                return (width, height)
            }
        }
        throw DocumentError(message: "page \(page) of the PDF has no size")
    }

    private static func run(_ tool: String, _ arguments: [String], maximumBytes: Int) async throws -> [UInt8] {
        do {
            let result = try await Subprocess.run(
                .name("prlimit"), arguments: Arguments(limits + [tool] + arguments), input: .array([UInt8]()),
                output: .bytes(limit: maximumBytes),
                error: .string(limit: 1 << 20))
            guard result.terminationStatus.isSuccess, !result.standardOutput.isEmpty else {
                throw DocumentError(message: problem(tool, result.standardError))
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw DocumentError(message: "\(tool) could not read the PDF: \(error)")
        }
    }

    private static func problem(_ tool: String, _ output: String) -> String {
        if output.contains("failed to execute") || output.contains("No such file") {
            return "PDF is read with \(tool), which is not installed (Debian: poppler-utils)"
        }
        let lines = output.split(separator: "\n")
        let line = lines.first { !$0.contains("Warning") } ?? lines.first ?? "it ran out of its bounds on time or memory"
        return "\(tool) could not read the PDF: \(line)"
    }
}

/// A document whose pages cannot be had.
struct DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    let message: String
    var description: String { message }
}
