import FoundationEssentials
import Functions
import Glibc
import LambdaRuntime
import Storage
import SystemPackage
import Transport

/// The pre- and post-annotation functions as an AWS Lambda, without the OCR libraries.
@main
struct Bootstrap {
    static func main() async {
        let environment = ProcessInfo.processInfo.environment
        let transport = CurlTransport(settings: TransportSettings(environment: environment))
        let program = LambdaProgram(environment: environment) { line in _ = try? FileDescriptor.standardError.writeAll(line) }
        // One call at a time and little work in each: no thread has to wait for another.
        let code = await withTaskExecutorPreference(transport.executor) {
            await run(program, transport: transport, environment: environment)
        }
        exit(code)
    }

    /// Concurrent, so that it leaves the main thread for the preferred executor.
    @concurrent
    private static func run(_ program: LambdaProgram, transport: CurlTransport, environment: [String: String]) async -> Int32 {
        await program.run(transport: transport) { name in
            let settings = try FunctionSettings(environment: environment)
            let store = try objectStore(
                data: environment["PRELABEL_DATA"].map { FilePath($0) }, environment: environment, transport: transport)
            let home = FilePath(environment["PRELABEL_HOME"] ?? "/var/task")
            return try await FunctionHandler(
                name, settings: settings, store: store, models: home.appending("Models"), currentFolder: home)
        }
    }
}
