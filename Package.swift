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
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
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
        library("Checkpoints", ["Compute", "JSON"]),
        library("Tokenizers", ["JSON"]),
        library("Models", ["Compute", "SparseAttention", "Checkpoints", "JSON"]),
        library(
            "MInference",
            [
                "SparseAttention", "Compute", "CPUBackend", "CUDABackend", "Checkpoints", "Tokenizers",
                "Models", "JSON",
            ]),
        library(
            "Evaluation",
            [
                "MInference", "SparseAttention", "Compute", "Checkpoints", "Tokenizers", "Plotting", "JSON",
            ]),
        library(
            "MInferenceTesting",
            ["MInference", "SparseAttention", "Compute", "CUDABackend", "Checkpoints", "Models", "JSON"]),
        .executableTarget(
            name: "MInferenceCLI",
            dependencies: [
                "MInference", "Evaluation", "SparseAttention", "Compute", "CPUBackend", "CUDABackend",
                "Models",
                "MInferenceTesting", "JSON",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
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
            "Evaluation",
            [
                "Evaluation", "MInference", "SparseAttention", "Tokenizers", "Plotting", "JSON",
                "MInferenceTesting",
            ]),
        // Runs the built executable as a user would.
        tests("MInferenceCLI", ["MInferenceCLI", "JSON", "MInferenceTesting"]),
    ]
)

// `make docs` only: users of the package do not fetch the documentation plugin.
if Context.environment["MINFERENCE_DOCS"] != nil {
    package.dependencies.append(
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
