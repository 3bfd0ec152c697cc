// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with these; warnings are errors.
let base: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
/// For every target that wraps no C: an unsafe pointer does not compile unless it is marked `unsafe`.
let safe = base + [.strictMemorySafety()]

let package = Package(
    name: "prelabel",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "prelabel", targets: ["prelabel"]), .executable(name: "bootstrap", targets: ["bootstrap"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // Pure values and rules.
        .target(name: "Annotations", swiftSettings: safe),
        .target(name: "GroundTruth", dependencies: ["Annotations"], swiftSettings: safe),
        .target(name: "Consolidation", dependencies: ["Annotations"], swiftSettings: safe),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "Suggestions", dependencies: ["Annotations", .algorithms], swiftSettings: safe),
        .target(name: "TrainingData", dependencies: ["CZlib", "GroundTruth", .algorithms], swiftSettings: safe),
        .target(name: "Liquid", swiftSettings: safe),

        // Pages: the C libraries, and reading with them.
        .systemLibrary(name: "CLeptonica", pkgConfig: "lept", providers: [.apt(["libleptonica-dev"])]),
        .systemLibrary(name: "CTesseract", pkgConfig: "tesseract", providers: [.apt(["libtesseract-dev"])]),
        .target(name: "PageReading", dependencies: ["Annotations", "CLeptonica", "CTesseract"], swiftSettings: base),

        .testTarget(name: "PageReadingTests", dependencies: ["PageReading", "Annotations"], swiftSettings: base),

        // The network: outgoing HTTP, and AWS's APIs over it.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "Transport", dependencies: ["CCurl"], swiftSettings: base),
        .target(name: "AWS", dependencies: ["Transport", .crypto, .system], swiftSettings: safe),

        // Objects by URI, the functions over them, and batch reading.
        .target(name: "Storage", dependencies: ["AWS", "Transport", .crypto, .system], swiftSettings: safe),
        .target(
            name: "Functions",
            dependencies: ["AWS", "Consolidation", "GroundTruth", "Storage", "Suggestions", "Transport", .log, .system],
            swiftSettings: safe),
        .target(
            name: "Pipeline",
            dependencies: [
                "Consolidation", "Functions", "GroundTruth", "PageReading", "Storage", "Suggestions", "TrainingData", .deque,
                .subprocess, .system,
            ], swiftSettings: safe),

        // Labeling jobs: their course, their store, their outputs.
        .target(
            name: "LabelingJobs",
            dependencies: [
                "AWS", "Annotations", "Consolidation", "Functions", "GroundTruth", "Storage", "Transport", .algorithms, .crypto,
                .grdb,
                .log,
            ],
            swiftSettings: safe),

        // Entry points.
        .target(name: "CProcess"),
        .target(name: "LambdaRuntime", dependencies: ["Functions", "GroundTruth", "Transport", .log], swiftSettings: safe),
        .executableTarget(
            name: "bootstrap", dependencies: ["Functions", "LambdaRuntime", "Storage", "Transport", .system], swiftSettings: safe),
        .target(
            name: "Service",
            dependencies: [
                "AWS", "Annotations", "Consolidation", "Functions", "GroundTruth", "LabelingJobs", "Liquid", "Pipeline", "Storage",
                "Transport", .crypto, .cryptoExtras, .hummingbird, .httpTypes, .log, .nioCore, .nioHTTPTypes, .system,
            ],
            exclude: ["Assets"], swiftSettings: safe),
        .executableTarget(
            name: "prelabel",
            dependencies: [
                "AWS", "Annotations", "CProcess", "Consolidation", "Functions", "GroundTruth", "LabelingJobs", "LambdaRuntime",
                "Liquid", "PageReading", "Pipeline", "Service", "Storage", "Suggestions", "TrainingData", "Transport",
                .argumentParser, .log,
                .system,
            ],
            swiftSettings: safe),

        // Tests mirror the targets.
        .testTarget(name: "AnnotationsTests", dependencies: ["Annotations"], swiftSettings: safe),
        .testTarget(name: "GroundTruthTests", dependencies: ["Annotations", "GroundTruth"], swiftSettings: safe),
        .testTarget(
            name: "SuggestionsTests", dependencies: ["Annotations", "Suggestions"], exclude: ["Fixtures"], swiftSettings: safe),
        .testTarget(
            name: "ConsolidationTests", dependencies: ["Annotations", "Consolidation"], exclude: ["agreement_reference.py"],
            swiftSettings: safe),
        .testTarget(name: "TrainingDataTests", dependencies: ["Annotations", "GroundTruth", "TrainingData"], swiftSettings: safe),
        .testTarget(name: "LiquidTests", dependencies: ["GroundTruth", "Liquid"], swiftSettings: safe),
        .testTarget(name: "LambdaRuntimeTests", dependencies: ["LambdaRuntime", "Transport"], swiftSettings: safe),
        .testTarget(name: "TransportTests", dependencies: ["Transport"], swiftSettings: base),
        .testTarget(name: "AWSTests", dependencies: ["AWS", "Transport", .crypto], exclude: ["Vectors"], swiftSettings: safe),
        .testTarget(name: "StorageTests", dependencies: ["AWS", "Storage", "Transport", .system], swiftSettings: safe),
        .testTarget(
            name: "FunctionsTests",
            dependencies: ["Annotations", "Consolidation", "Functions", "GroundTruth", "Storage", "Suggestions", .log, .system],
            swiftSettings: safe),
        .testTarget(
            name: "LabelingJobsTests",
            dependencies: [
                "AWS", "Annotations", "GroundTruth", "LabelingJobs", "Storage", "Transport", .crypto, .grdb, .log, .system,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "PipelineTests",
            dependencies: [
                "Annotations", "Consolidation", "Functions", "GroundTruth", "PageReading", "Pipeline", "Storage", "Suggestions",
                "TrainingData",
                .log, .system,
            ],
            swiftSettings: safe),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "AWS", "Consolidation", "Functions", "GroundTruth", "LabelingJobs", "Liquid", "Pipeline", "Service", "Storage",
                "Transport",
                .crypto, .cryptoExtras, .hummingbird, .httpTypes, .log, .nioCore, .nioEmbedded, .nioPosix, .system,
            ],
            swiftSettings: safe),
    ]
)

extension Target.Dependency {
    static var argumentParser: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
    static var algorithms: Self { .product(name: "Algorithms", package: "swift-algorithms") }
    static var crypto: Self { .product(name: "Crypto", package: "swift-crypto") }
    static var cryptoExtras: Self { .product(name: "CryptoExtras", package: "swift-crypto") }
    static var deque: Self { .product(name: "DequeModule", package: "swift-collections") }
    static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
    static var hummingbird: Self { .product(name: "Hummingbird", package: "hummingbird") }
    static var httpTypes: Self { .product(name: "HTTPTypes", package: "swift-http-types") }
    static var log: Self { .product(name: "Logging", package: "swift-log") }
    static var nioCore: Self { .product(name: "NIOCore", package: "swift-nio") }
    static var nioEmbedded: Self { .product(name: "NIOEmbedded", package: "swift-nio") }
    static var nioHTTPTypes: Self { .product(name: "NIOHTTPTypes", package: "swift-nio-extras") }
    static var nioPosix: Self { .product(name: "NIOPosix", package: "swift-nio") }
    static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
    static var system: Self { .product(name: "SystemPackage", package: "swift-system") }
}
