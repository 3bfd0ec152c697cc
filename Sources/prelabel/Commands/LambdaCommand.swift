import ArgumentParser
import Foundation
import Functions
import LambdaRuntime
import PageReading
import Pipeline
import Storage
import SystemPackage
import Transport

struct LambdaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lambda", abstract: "Runs as an AWS Lambda function on a custom runtime.",
        discussion: """
            _HANDLER, which Lambda sets from the function's handler, is pre-annotation, post-annotation or ocr. Everything else comes from the \
            environment: PRELABEL_MANIFEST, PRELABEL_METHOD, PRELABEL_STRING_BOOLEANS, PRELABEL_TEXT_URI_IN_METADATA, \
            PRELABEL_ANNOTATE_EMPTY_TEXTS, PRELABEL_SUGGEST, PRELABEL_SUGGESTION_MODEL, PRELABEL_SUGGESTION_LABELS, PRELABEL_LOG_LEVEL; \
            for ocr PRELABEL_OUTPUT (an s3:// prefix), PRELABEL_ROOT, PRELABEL_REGION and PRELABEL_LANGUAGE.
            """)

    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let environment = Settings.environment
        let transport = CurlTransport(settings: TransportSettings(environment: environment))
        let program = LambdaProgram(environment: environment, log: Terminal.log)
        guard environment["_HANDLER"] == "ocr" else {
            let code = await program.run(transport: transport) { name in
                try await FunctionHandler(
                    name, settings: FunctionSettings(environment: environment), store: storage.store(),
                    models: Settings.home(holding: "Models"), currentFolder: Settings.currentFolder)
            }
            throw ExitCode(code)
        }
        let language = Settings.string("LANGUAGE") ?? "eng"
        let code = try await ReaderPool.withReaders(try ReadPagesCommand.poolSettings(language: language, workers: 1)) { pool in
            await program.run(transport: transport) { _ in
                try ocr(pool: pool, language: language, store: try storage.store())
            }
        }
        throw ExitCode(code)
    }

    private func ocr(pool: ReaderPool, language: String, store: any ObjectStore) throws -> FunctionHandler {
        guard let output = Settings.string("OUTPUT") else {
            throw SettingError(message: "PRELABEL_OUTPUT is not set: name the s3:// prefix for texts and page records")
        }
        let region = Settings.string("REGION") ?? "abstract"
        guard let readingRegion = ReadingRegion(region) else {
            throw SettingError(
                message: "PRELABEL_REGION is `\(region)`, expected abstract, page, or x,y,w,h as shares of the image")
        }
        // A language that is missing shows here, and not with the first page.
        _ = try PageReader(tessdata: Settings.tessdata(language: language)?.string, language: language)
        let folder = try ObjectURI(received: output)
        let settings = BatchReading.Settings(
            output: folder, manifest: folder.appending("input.manifest"),
            reading: ReadingSettings(region: readingRegion, language: language))
        let root = try Settings.string("ROOT").map { root throws(StorageError) in try ObjectURI(received: root) }
        return OCRFunction(store: store, pool: pool, settings: settings, root: root).handler
    }
}
