import Annotations

// The model file, numbers little-endian:
//
//     magic "PRELABEL", format UInt32, checksum UInt64 of all bytes after it, contents
//     contents: kind UInt8 (0 sentences, 1 spans), source, label count UInt16, labels, point count UInt16, calibration points,
//         point count UInt16, trust points (certainty and bound Float64, texts UInt32)
//     sentences: chain
//     spans: threshold Float64, layer count UInt16, layers: label count UInt16, places UInt16, chain, gazetteer
//     chain: label count UInt16, feature count UInt32, keys UInt32 ascending, scale Float32, weights Int16, transitions Float32
//     gazetteer: phrases and words (count UInt32, keys UInt64 ascending, summaries UInt8), beginnings (count UInt32, keys UInt64)
//     a string: length UInt16, UTF-8
//
// A weight is its integer times the scale. Every count is checked against the bytes that are left before anything is allocated.

private let magic = Array("PRELABEL".utf8)

extension SuggestionModel {
    /// The format that this version of the program writes and reads.
    package static let format: UInt32 = 2
    /// Larger files are refused unread.
    package static let maximumBytes = 64 << 20

    /// - Throws: ``SuggestionError`` `.notAModel`, `.otherVersion` or `.damagedModel`.
    package init(bytes: [UInt8]) throws(SuggestionError) {
        guard bytes.count <= Self.maximumBytes else {
            throw SuggestionError(.notAModel, "\(bytes.count) bytes are more than any model has (\(Self.maximumBytes))")
        }
        guard bytes.starts(with: magic) else { throw SuggestionError(.notAModel, "the file does not begin as a model does") }
        var reader = ModelReader(bytes, from: magic.count)
        let format = try reader.uint32()
        guard format == Self.format else {
            throw SuggestionError(
                .otherVersion, "the model has format \(format), this program reads \(Self.format); train it again")
        }
        let checksum = try reader.uint64()
        let found = ModelWriter.checksum(bytes[reader.position...])
        guard checksum == found else {
            throw SuggestionError(.damagedModel, "the model is damaged: its bytes do not match their checksum")
        }
        let contents = try Contents(from: &reader)
        guard reader.position == bytes.count else { throw ModelReader.damaged("\(bytes.count - reader.position) bytes too many") }
        self.init(contents: contents, version: Self.version(checksum: checksum))
    }

    /// The model as a file.
    package var bytes: [UInt8] { contents.file.bytes }

    /// - Parameter contents: What training made; what stands in the file counts, and that is rounded.
    init(contents: Contents) throws(SuggestionError) { try self.init(bytes: contents.file.bytes) }

    private static func version(checksum: UInt64) -> String {
        let digits = String(checksum, radix: 16)
        return "\(format)-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension SuggestionModel.Contents {
    fileprivate var file: ModelWriter {
        var body = ModelWriter()
        write(to: &body)
        var file = ModelWriter()
        file.bytes = magic
        file.write(SuggestionModel.format)
        file.write(ModelWriter.checksum(body.bytes[...]))
        file.bytes += body.bytes
        return file
    }

    private func write(to writer: inout ModelWriter) {
        switch body {
        case .sentences: writer.write(UInt8(0))
        case .spans: writer.write(UInt8(1))
        }
        writer.write(source)
        writer.write(UInt16(labels.count))
        for label in labels { writer.write(label.name) }
        writer.write(UInt16(calibration.points.count))
        for point in calibration.points {
            writer.write(point.probability.bitPattern)
            writer.write(point.share.bitPattern)
        }
        writer.write(UInt16(trust.points.count))
        for point in trust.points {
            writer.write(point.certainty.bitPattern)
            writer.write(point.errorBound.bitPattern)
            writer.write(point.count)
        }
        switch body {
        case .sentences(let chain): chain.write(to: &writer)
        case .spans(let layers, let threshold):
            writer.write(threshold.bitPattern)
            writer.write(UInt16(layers.count))
            for layer in layers {
                writer.write(UInt16(layer.labels.count))
                for label in layer.labels { writer.write(UInt16(label)) }
                layer.chain.write(to: &writer)
                layer.gazetteer.write(to: &writer)
            }
        }
    }

    fileprivate init(from reader: inout ModelReader) throws(SuggestionError) {
        let kind = try reader.uint8()
        source = try reader.string()
        let labelCount = try reader.count(UInt16.self, elementBytes: 2)
        labels = []
        for _ in 0..<labelCount { labels.append(Label(try reader.string())) }
        guard !labels.isEmpty, zip(labels, labels.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw ModelReader.damaged("its labels are not in order")
        }
        calibration = try Calibration(from: &reader)
        trust = try TrustCurve(from: &reader)
        switch kind {
        case 0:
            let chain = try ChainModel(from: &reader)
            guard chain.labelCount == labels.count else { throw ModelReader.damaged("labels and weights do not match") }
            body = .sentences(chain)
        case 1:
            let threshold = try reader.double()
            guard threshold > 0, threshold <= 1 else { throw ModelReader.damaged("threshold \(threshold)") }
            let layerCount = try reader.count(UInt16.self, elementBytes: 2)
            var layers: [SpanLayer] = []
            for _ in 0..<layerCount { layers.append(try SpanLayer(from: &reader, labelCount: labels.count)) }
            body = .spans(layers: layers, threshold: threshold)
        default: throw ModelReader.damaged("kind \(kind)")
        }
    }
}

extension Calibration {
    fileprivate init(from reader: inout ModelReader) throws(SuggestionError) {
        var points: [Point] = []
        for _ in 0..<(try reader.count(UInt16.self, elementBytes: 8)) {
            points.append(Point(probability: try reader.float(), share: try reader.float()))
        }
        let isRising = zip(points, points.dropFirst()).allSatisfy { $0.probability <= $1.probability && $0.share <= $1.share }
        guard isRising, points.allSatisfy({ (0...1).contains($0.probability) && (0...1).contains($0.share) }) else {
            throw ModelReader.damaged("its calibration does not rise")
        }
        self.points = points
    }
}

extension TrustCurve {
    fileprivate init(from reader: inout ModelReader) throws(SuggestionError) {
        var points: [Point] = []
        for _ in 0..<(try reader.count(UInt16.self, elementBytes: 20)) {
            points.append(Point(certainty: try reader.double(), errorBound: try reader.double(), count: try reader.uint32()))
        }
        let isFalling = zip(points, points.dropFirst()).allSatisfy { $0.certainty >= $1.certainty && $0.count <= $1.count }
        guard isFalling, points.count <= Self.maximumPoints,
            points.allSatisfy({ (0...1).contains($0.certainty) && (0...1).contains($0.errorBound) })
        else { throw ModelReader.damaged("its bounds of errors are not in order") }
        self.points = points
    }
}

extension SpanLayer {
    fileprivate init(from reader: inout ModelReader, labelCount: Int) throws(SuggestionError) {
        var labels: [Int] = []
        for _ in 0..<(try reader.count(UInt16.self, elementBytes: 2)) { labels.append(Int(try reader.uint16())) }
        let chain = try ChainModel(from: &reader)
        guard !labels.isEmpty, labels.allSatisfy({ $0 < labelCount }), chain.labelCount == SpanTags(labelCount: labels.count).count
        else { throw ModelReader.damaged("labels and weights of a layer do not match") }
        self.init(labels: labels, chain: chain, gazetteer: try Gazetteer(from: &reader))
    }
}

extension ChainModel {
    /// The most labels or tags of a chain.
    static let maximumLabels = 128

    fileprivate func write(to writer: inout ModelWriter) {
        writer.write(UInt16(labelCount))
        writer.write(UInt32(index.count))
        for key in index.keys { writer.write(key) }
        let highest = weights.reduce(0) { max($0, abs($1)) }
        let scale = highest > 0 ? highest / Float(Int16.max) : 1
        writer.write(scale.bitPattern)
        for weight in weights { writer.write(UInt16(bitPattern: Int16((weight / scale).rounded()))) }
        for transition in transitions { writer.write(transition.bitPattern) }
    }

    fileprivate init(from reader: inout ModelReader) throws(SuggestionError) {
        let labelCount = Int(try reader.uint16())
        guard (1...Self.maximumLabels).contains(labelCount) else { throw ModelReader.damaged("\(labelCount) labels") }
        let featureCount = try reader.count(UInt32.self, elementBytes: 4 + 2 * labelCount)
        let keys = try reader.ascending(UInt32.self, count: featureCount)
        let scale = try reader.float()
        guard (0...1).contains(scale) else { throw ModelReader.damaged("its weights are beyond reason") }
        let weights = try reader.integers(Int16.self, count: featureCount * labelCount).map { Float($0) * scale }
        var transitions: [Float] = []
        for _ in 0..<labelCount * labelCount { transitions.append(try reader.float()) }
        // Probabilities stay finite: a backward value is at most the number of labels times exp(2 x 50).
        guard transitions.allSatisfy({ abs($0) <= 50 }) else { throw ModelReader.damaged("its transitions are beyond reason") }
        self.init(labelCount: labelCount, index: FeatureIndex(keys: keys), weights: weights, transitions: transitions)
    }
}

extension Gazetteer {
    fileprivate func write(to writer: inout ModelWriter) {
        for table in [phrases, words] {
            let sorted = table.sorted { $0.key < $1.key }
            writer.write(UInt32(sorted.count))
            for entry in sorted { writer.write(entry.key) }
            for entry in sorted { writer.write(entry.value) }
        }
        writer.write(UInt32(beginnings.count))
        for key in beginnings.sorted() { writer.write(key) }
    }

    fileprivate init(from reader: inout ModelReader) throws(SuggestionError) {
        phrases = try Self.table(from: &reader)
        words = try Self.table(from: &reader)
        beginnings = Set(try reader.ascending(UInt64.self, count: try reader.count(UInt32.self, elementBytes: 8)))
    }

    private static func table(from reader: inout ModelReader) throws(SuggestionError) -> [UInt64: UInt8] {
        let keys = try reader.ascending(UInt64.self, count: try reader.count(UInt32.self, elementBytes: 9))
        var table: [UInt64: UInt8] = Dictionary(minimumCapacity: keys.count)
        for key in keys { table[key] = try reader.uint8() }
        return table
    }
}
