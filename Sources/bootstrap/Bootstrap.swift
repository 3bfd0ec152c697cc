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
        let code = await program.run(transport: transport) { name in
            let settings = try FunctionSettings(environment: environment)
            let store = try objectStore(data: environment["PRELABEL_DATA"].map { FilePath($0) }, environment: environment)
            return FunctionHandler(name, settings: settings, store: store)
        }
        exit(code)
    }
}
