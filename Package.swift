// swift-tools-version: 6.2

import PackageDescription

/// Settings of every Swift target of this package: Swift 6 mode, own warnings are errors.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift library target under `Sources/<name>`.
func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

/// A test target under `Tests/<name>Tests`; tests use `package` access, so no target needs `@testable`.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        swiftSettings: swiftSettings)
}

/// A product that only the trait `Server` fetches and builds.
func serverProduct(_ name: String, _ package: String) -> Target.Dependency {
    .product(name: name, package: package, condition: .when(traits: ["Server"]))
}

let package = Package(
    name: "minference",
    products: [
        .library(name: "MInference", targets: ["MInference"]),
        .library(name: "SparseAttention", targets: ["SparseAttention"]),
        .executable(name: "minference", targets: ["MInferenceCLI"]),
    ],
    traits: [
        // `minference serve`. Without it (`--disable-default-traits`) nothing of the HTTP stack is fetched or built.
        .trait(name: "Server", description: "The OpenAI-compatible server."),
        .default(enabledTraits: ["Server"]),
    ],
    dependencies: [
        // Command line: the ecosystem's standard argument parser.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        // HTTP server; without its traits it needs neither full Foundation nor swift-configuration.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // Parts of Hummingbird that the server's own code names, too.
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
    ],
    targets: [
        library("JSON"),
        // Figures as SVG and PNG.
        library("Plotting"),
        library("SparseAttention", ["JSON"]),
        library("Compute", ["SparseAttention"]),
        .target(name: "CPUKernels", cSettings: [.treatAllWarnings(as: .error)]),
        library("CPUBackend", ["Compute", "SparseAttention", "CPUKernels"]),
        // Kernels travel as text (#embed, a C23 feature that clang has in every C mode).
        .target(
            name: "CUDAKernels", exclude: ["kernels"],
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        library("CUDABackend", ["Compute", "SparseAttention", "CUDAKernels"]),
        library("Checkpoints", ["Compute", "SparseAttention", "JSON"]),
        library("Tokenizers", ["JSON"]),
        library("Models", ["Compute", "SparseAttention", "Checkpoints", "JSON"]),
        library(
            "MInference",
            [
                "SparseAttention", "Compute", "CPUBackend", "CUDABackend", "Checkpoints", "Tokenizers",
                "Models", "JSON",
            ]),
        // What a server does without knowing of HTTP: requests and answers, scheduling, the prefix cache.
        library(
            "Serving",
            ["MInference", "Compute", "SparseAttention", "Checkpoints", "Tokenizers", "JSON"]),
        // The server's page travels as text (#embed, as the kernels do).
        .target(
            name: "WebPage", exclude: ["page"],
            cSettings: [.treatAllWarnings(as: .error), .disableWarning("c23-extensions")]),
        library(
            "MInferenceServer",
            [
                "Serving", "WebPage", "Evaluation", "MInference", "SparseAttention", "Compute", "Checkpoints",
                "Tokenizers", "JSON",
                serverProduct("Hummingbird", "hummingbird"),
                serverProduct("HummingbirdCore", "hummingbird"),
                serverProduct("HTTPTypes", "swift-http-types"),
                serverProduct("Logging", "swift-log"),
                serverProduct("CoreMetrics", "swift-metrics"),
                serverProduct("NIOCore", "swift-nio"),
                serverProduct("NIOHTTP1", "swift-nio"),
                serverProduct("ServiceLifecycle", "swift-service-lifecycle"),
                serverProduct("UnixSignals", "swift-service-lifecycle"),
            ]),
        library(
            "Evaluation",
            [
                "MInference", "SparseAttention", "Compute", "Checkpoints", "Tokenizers", "Plotting", "JSON",
            ]),
        library("PatternSearch", ["MInference", "SparseAttention", "Compute", "JSON"]),
        library("Inspection", ["MInference", "SparseAttention", "Compute", "Plotting", "JSON"]),
        library(
            "MInferenceTesting",
            ["MInference", "SparseAttention", "Compute", "CUDABackend", "Checkpoints", "Models", "JSON"]),
        .executableTarget(
            name: "MInferenceCLI",
            dependencies: [
                "MInference", "Evaluation", "PatternSearch", "Inspection", "Plotting", "SparseAttention",
                "Compute", "CPUBackend", "CUDABackend", "Checkpoints", "Models", "Tokenizers",
                "MInferenceTesting", "Serving", "JSON",
                .target(name: "MInferenceServer", condition: .when(traits: ["Server"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                serverProduct("Logging", "swift-log"),
                serverProduct("NIOCore", "swift-nio"),
                serverProduct("NIOPosix", "swift-nio"),
                serverProduct("NIOHTTP1", "swift-nio"),
            ],
            swiftSettings: swiftSettings),
        tests("JSON", ["JSON", "MInferenceTesting"]),
        tests("Plotting", ["Plotting"]),
        tests("SparseAttention", ["SparseAttention", "Compute", "MInferenceTesting"]),
        tests("CPUBackend", ["CPUBackend", "CPUKernels", "Compute", "SparseAttention", "MInferenceTesting"]),
        tests("CUDABackend", ["CUDABackend", "CUDAKernels", "Compute", "MInferenceTesting"]),
        tests("Checkpoints", ["Checkpoints", "Compute", "JSON", "MInferenceTesting"]),
        tests("Tokenizers", ["Tokenizers", "JSON", "MInferenceTesting"]),
        tests(
            "Models", ["Models", "Checkpoints", "Compute", "SparseAttention", "JSON", "MInferenceTesting"]),
        tests(
            "MInference",
            [
                "MInference", "Models", "Checkpoints", "Compute", "CPUBackend", "SparseAttention",
                "Tokenizers",
                "JSON", "MInferenceTesting",
            ]),
        tests(
            "Serving",
            [
                "Serving", "MInference", "SparseAttention", "Compute", "Tokenizers", "JSON",
                "MInferenceTesting",
            ]),
        tests(
            "MInferenceServer",
            [
                "MInferenceServer", "Serving", "MInference", "JSON", "MInferenceTesting",
                serverProduct("Hummingbird", "hummingbird"),
                serverProduct("HummingbirdCore", "hummingbird"),
                serverProduct("HTTPTypes", "swift-http-types"),
                serverProduct("NIOEmbedded", "swift-nio"),
                serverProduct("NIOCore", "swift-nio"),
                serverProduct("Logging", "swift-log"),
            ]),
        tests(
            "Evaluation",
            [
                "Evaluation", "MInference", "SparseAttention", "Tokenizers", "Plotting", "JSON",
                "MInferenceTesting",
            ]),
        tests(
            "PatternSearch", ["PatternSearch", "MInference", "SparseAttention", "JSON", "MInferenceTesting"]),
        tests(
            "Inspection", ["Inspection", "Plotting", "MInference", "SparseAttention", "MInferenceTesting"]),
        // Runs the built executable as a user would.
        tests("MInferenceCLI", ["MInferenceCLI", "JSON", "MInferenceTesting"]),
    ]
)

// `make docs` only: users of the package do not fetch the documentation plugin.
if Context.environment["MINFERENCE_DOCS"] != nil {
    package.dependencies.append(
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
