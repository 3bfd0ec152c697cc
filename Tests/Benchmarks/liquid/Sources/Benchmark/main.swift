import Foundation
import GroundTruth
import Liquid

// Benchmark TEMPLATE DATA SECONDS: renders over and over on one thread for so much CPU time and prints {"renderings":N,"seconds":S};
// with 0 seconds it prints one rendering instead.

func bytes(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

let arguments = CommandLine.arguments
let template = try Template(String(decoding: bytes(arguments[1]), as: UTF8.self), name: arguments[1])
let data = try LiquidObject(JSONScanner.parse(bytes(arguments[2])))
let surroundings = Surroundings(grantReadAccess: { "https://objects.example/\($0.dropFirst(5))?expires=600&signature=0a1b2c" })
let duration = Double(arguments[3]) ?? 0

/// CPU time of this process.
func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

if duration == 0 {
    FileHandle.standardOutput.write(Data(try template.render(data, in: surroundings)))
} else {
    let start = cpuSeconds()
    var renderings = 0
    while cpuSeconds() - start < duration {
        for _ in 0..<50 { _ = try template.render(data, in: surroundings) }
        renderings += 50
    }
    print(#"{"renderings":\#(renderings),"seconds":\#(cpuSeconds() - start)}"#)
}
