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

    /// The checks of every device.
    package static let all: [KernelCheck] =
        memory + linear + elementwise + attention + attentionProperties + specialAttention + decode
        + estimates + estimateShapes + selections + recall
        + blockEstimates + skipping + families + eightBit

    /// The checks that a backend can run: in its types, and those of its kind of device. Positions beyond 2^17 take a
    /// processor seconds, and its kernels have no other path for them.
    package static func all(for backend: any Backend) -> [KernelCheck] {
        (all + (backend.device == .cpu ? [] : gpu + gpuOperators + longAttention)).filter {
            backend.computeTypes.contains($0.dtype)
        }
    }
}
