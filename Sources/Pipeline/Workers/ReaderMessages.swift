import Annotations
import GroundTruth
package import PageReading

/// A PNG that a reader makes beside the text.
package enum PagePicture: String, Sendable {
    case none
    /// The page, for browsers.
    case page
    /// The page with what was seen and decided drawn on it.
    case explanation
}

/// What a reader process is asked: two frames, this as JSON and the image's bytes.
struct ReaderRequest {
    /// Of a TIFF file, from 0.
    let page: Int
    let region: ReadingRegion
    let picture: PagePicture

    var json: [UInt8] {
        JSONOutput.object(["page": .int(page), "picture": .string(picture.rawValue), "region": .string(region.description)]).bytes
    }

    init(page: Int, region: ReadingRegion, picture: PagePicture) {
        (self.page, self.region, self.picture) = (page, region, picture)
    }

    init?(json: [UInt8]) {
        guard let request = try? JSONScanner.parse(json), let region = request["region"]?.string.flatMap({ ReadingRegion($0) }),
            let page = request["page"]?.int, let picture = request["picture"]?.string.flatMap({ PagePicture(rawValue: $0) })
        else { return nil }
        self.init(page: page, region: region, picture: picture)
    }
}

/// What a reader process answers: two frames, this as JSON and the bytes of a PNG when one was wanted.
enum ReaderReply {
    case content(PageContent)
    case failure(code: String, message: String)

    var json: [UInt8] {
        switch self {
        case .content(let content): content.json.bytes
        case .failure(let code, let message): JSONOutput.object(["code": .string(code), "message": .string(message)]).bytes
        }
    }

    /// - Returns: `nil` for what no reader of ours sends; a reader that decodes hostile images is not trusted either.
    init?(json: [UInt8]) {
        guard let value = try? JSONScanner.parse(json) else { return nil }
        if let code = value["code"]?.string, let message = value["message"]?.string {
            self = .failure(code: code, message: message)
        } else if let content = PageContent(value) {
            self = .content(content)
        } else {
            return nil
        }
    }
}

extension ReadingRegion {
    /// `abstract`, `page`, or `x,y,w,h` as ratios of the image.
    package init?(_ text: String) {
        switch text {
        case "abstract": self = .abstract
        case "page": self = .page
        default:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            guard parts.count == 4, let x = parts[0], let y = parts[1], let width = parts[2], let height = parts[3],
                x >= 0, y >= 0, width > 0, height > 0, x + width <= 1.0001, y + height <= 1.0001
            else { return nil }
            self = .box(NormalizedBox(left: x, top: y, width: width, height: height))
        }
    }

    package var description: String {
        switch self {
        case .abstract: "abstract"
        case .page: "page"
        case .box(let box): "\(box.left),\(box.top),\(box.width),\(box.height)"
        }
    }
}

// MARK: Content

extension NormalizedBox {
    fileprivate var numbers: [JSONOutput] { [left, top, width, height].map { .decimal($0) } }

    fileprivate init?(_ values: ArraySlice<JSONValue>) {
        let numbers = values.compactMap(\.double)
        guard numbers.count == 4, numbers.allSatisfy({ (0...1).contains($0) }) else { return nil }
        self.init(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
    }
}

extension PageContent {
    fileprivate var json: JSONOutput {
        [
            "status": .string(status.rawValue), "text": .string(text), "confidence": .decimal(confidence),
            "reason": .string(reason),
            "width": .int(widthPixels), "height": .int(heightPixels),
            "regions": .array(regions.map { .array($0.numbers) }),
            "joinedHyphens": .array(joinedHyphens.map { .int($0.rawValue) }),
            "lines": .array(
                lines.map { line in
                    let words: [JSONOutput] = line.words.map { word in
                        .array(
                            word.box.numbers + [
                                .decimal(word.confidence), .int(word.range.lowerBound.rawValue),
                                .int(word.range.upperBound.rawValue),
                                .string(word.text),
                            ])
                    }
                    return ["box": .array(line.box.numbers), "words": .array(words)]
                }),
        ]
    }

    fileprivate init?(_ value: JSONValue) {
        guard let status = value["status"]?.string.flatMap(Status.init), let text = value["text"]?.string,
            let confidence = value["confidence"]?.double, (0...1).contains(confidence), let reason = value["reason"]?.string,
            let width = value["width"]?.int, let height = value["height"]?.int, width > 0, height > 0,
            let regions = value["regions"]?.array, let hyphens = value["joinedHyphens"]?.array, let lines = value["lines"]?.array
        else { return nil }
        let scalarCount = DocumentText(text).scalarCount
        var readLines: [PageLine] = []
        for line in lines {
            guard let box = line["box"]?.array.flatMap({ NormalizedBox($0[...]) }), let words = line["words"]?.array else {
                return nil
            }
            let readWords = words.compactMap { PageWord($0, scalarCount: scalarCount) }
            guard readWords.count == words.count else { return nil }
            readLines.append(PageLine(box: box, words: readWords))
        }
        let boxes = regions.compactMap { $0.array.flatMap { NormalizedBox($0[...]) } }
        let offsets = hyphens.compactMap(\.int).filter { (0...scalarCount).contains($0) }
        guard boxes.count == regions.count, offsets.count == hyphens.count else { return nil }
        self.init(
            status: status, text: text, confidence: confidence, regions: boxes, lines: readLines,
            joinedHyphens: offsets.map { ScalarOffset($0) }, widthPixels: width, heightPixels: height, reason: reason)
    }
}

extension PageWord {
    fileprivate init?(_ value: JSONValue, scalarCount: Int) {
        guard let parts = value.array, parts.count == 8, let box = NormalizedBox(parts[..<4]), let confidence = parts[4].double,
            (0...100).contains(confidence), let start = parts[5].int, let end = parts[6].int, 0 <= start, start <= end,
            end <= scalarCount,
            let text = parts[7].string
        else { return nil }
        self.init(text: text, confidence: confidence, box: box, range: ScalarOffset(start)..<ScalarOffset(end))
    }
}
