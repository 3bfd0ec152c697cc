import Glibc
import PageReading
package import SystemPackage

/// The inside of a reader process: reads pages from standard input until its end, one at a time.
///
/// A crash in the C libraries, a page that takes too long or too much memory ends this process and costs that page; its owner
/// starts another.
package enum ReaderProcess {
    /// Address space; the largest image allowed decodes, with its copies, into less.
    package static let maximumMemoryBytes: UInt = 4 << 30

    /// - Parameters:
    ///   - tessdata: Folder of trained data; `nil` for the library's own.
    /// - Returns: The process's exit code.
    package static func run(tessdata: FilePath?, language: String) throws -> Int32 {
        limitMemory()
        // Whatever a C library prints is for nobody, and must not end up between the frames.
        let output = try FileDescriptor.standardOutput.duplicate()
        if let nowhere = unsafe try? FileDescriptor.open("/dev/null", .writeOnly) {
            _ = try nowhere.duplicate(as: .standardError)
            try nowhere.close()
        }
        _ = try FileDescriptor.standardError.duplicate(as: .standardOutput)
        let reader = try PageReader(tessdata: tessdata?.string, language: language)
        while let request = try FileDescriptor.standardInput.readFrame(), let image = try FileDescriptor.standardInput.readFrame() {
            guard let request = ReaderRequest(json: request) else { return 70 }
            let (reply, png) = read(image, request, with: reader)
            try output.writeFrame(reply.json)
            try output.writeFrame(png)
        }
        return 0
    }

    private static func read(_ image: [UInt8], _ request: ReaderRequest, with reader: PageReader) -> (ReaderReply, png: [UInt8]) {
        do {
            let content = try reader.read(image, page: request.page, region: request.region)
            return (.content(content), try picture(of: image, request, with: reader))
        } catch {
            return (.failure(code: "\(error.code)", message: error.message), [])
        }
    }

    private static func picture(
        of image: [UInt8], _ request: ReaderRequest, with reader: PageReader
    ) throws(PageReadingError) -> [UInt8] {
        switch request.picture {
        case .none: []
        case .page: try ShownImage.png(of: image, page: request.page)
        case .explanation: try reader.explain(image, page: request.page)
        }
    }

    private static func limitMemory() {
        var limit = rlimit(rlim_cur: maximumMemoryBytes, rlim_max: maximumMemoryBytes)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }
}
