/// Where the test fixtures and the bundled model are in the source tree.
package enum Fixtures {
    /// The root of the package.
    package static let packageRoot: String = {
        // This file is Sources/MInferenceTesting/Fixtures.swift.
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()
    /// `Tests/Fixtures`.
    package static let directory = packageRoot + "/Tests/Fixtures"
    /// The bundled checkpoint.
    package static let bundledModel = packageRoot + "/Models/needle-11m"

    /// The path of a fixture, e.g. `llama/gqa`.
    package static func path(_ name: String) -> String { directory + "/" + name }
}
