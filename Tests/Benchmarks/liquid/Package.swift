// swift-tools-version: 6.2
import PackageDescription

// The template language alone with a driver, so that the comparison builds in seconds. Sources are links to the project's.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "prelabel",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "Annotations", swiftSettings: settings),
        .target(name: "GroundTruth", dependencies: ["Annotations"], swiftSettings: settings),
        .target(name: "Liquid", swiftSettings: settings),
        .executableTarget(name: "Benchmark", dependencies: ["GroundTruth", "Liquid"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
