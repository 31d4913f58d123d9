/// Operators that models of some families need and not every device has.
public struct BackendFeatures: OptionSet, Sendable, Hashable {
    /// A bit for each operator.
    public let rawValue: Int

    /// The operators of these bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// `AttentionTraits.softCap` and `softCap`.
    public static let softCap = BackendFeatures(rawValue: 1)
    /// `AttentionTraits.window` when decoding.
    public static let slidingWindow = BackendFeatures(rawValue: 2)
    /// `normalizeHeads`.
    public static let headNorms = BackendFeatures(rawValue: 4)
    /// `geluGate`.
    public static let geluGate = BackendFeatures(rawValue: 8)
    /// `add`.
    public static let outputNorms = BackendFeatures(rawValue: 16)
    /// `scale`.
    public static let embeddingScale = BackendFeatures(rawValue: 32)
    /// `gatherRows` and `addRows`.
    public static let experts = BackendFeatures(rawValue: 64)
    /// `AttentionTraits.dualChunks`, for sequences in which they move a row.
    public static let dualChunks = BackendFeatures(rawValue: 128)

    /// All of them.
    public static let all: BackendFeatures = [
        .softCap, .slidingWindow, .headNorms, .geluGate, .outputNorms, .embeddingScale, .experts,
        .dualChunks,
    ]
}

/// The defaults: a device without an operator says so.
extension Backend {
    /// None.
    public var features: BackendFeatures { [] }

    /// Throws `ComputeError.unsupported`.
    public func geluGate(_ gateUp: Tensor, into output: Tensor) throws { throw lacks("GELU gates") }

    /// Throws `ComputeError.unsupported`.
    public func normalizeHeads(_ qkv: Tensor, heads: Range<Int>, weight: Tensor, epsilon: Float) throws {
        throw lacks("norms of heads")
    }

    /// Throws `ComputeError.unsupported`.
    public func scale(_ x: Tensor, by factor: Float) throws { throw lacks("scaling") }

    /// Throws `ComputeError.unsupported`.
    public func softCap(_ x: Tensor, at cap: Float) throws { throw lacks("soft-capping") }

    /// Throws `ComputeError.unsupported`.
    public func add(_ x: Tensor, to output: Tensor) throws { throw lacks("sums of tensors") }

    /// Throws `ComputeError.unsupported`.
    public func gatherRows(_ x: Tensor, rows: [Int32], into output: Tensor) throws {
        throw lacks("gathering rows")
    }

    /// Throws `ComputeError.unsupported`.
    public func addRows(_ x: Tensor, to output: Tensor, rows: [Int32], weights: [Float]) throws {
        throw lacks("weighted sums of rows")
    }

    private func lacks(_ what: String) -> ComputeError {
        .unsupported("\(device) has no kernel for \(what); use --device cpu")
    }
}
