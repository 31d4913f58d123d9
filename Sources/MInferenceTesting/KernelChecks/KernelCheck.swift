import Compute

/// One operator of a backend against the reference, on inputs of one shape and type.
///
/// The same checks serve the tests, which run them at every instruction-set level, and `minference selftest`, which
/// runs them on a machine that has nothing but the binary.
package struct KernelCheck: Sendable, CustomStringConvertible {
    /// The operator and what is special about the case.
    package let name: String
    /// The element type of queries, keys and values.
    package let dtype: DType
    /// The largest relative Frobenius error that passes.
    package let tolerance: Double
    /// Runs the operator on both backends and compares.
    package let compare: @Sendable (any Backend) throws -> Comparison

    package init(
        _ name: String, dtype: DType, tolerance: Double,
        compare: @escaping @Sendable (any Backend) throws -> Comparison
    ) {
        self.name = name
        self.dtype = dtype
        self.tolerance = tolerance
        self.compare = compare
    }

    /// The name with its type.
    package var description: String { "\(name), \(dtype)" }

    /// All checks.
    package static let all: [KernelCheck] =
        attention + specialAttention + decode + estimates + blockEstimates + skipping
}
