/// How the matrices of a checkpoint were rounded to few bits: `quantization_config` of its `config.json`, checked.
///
/// Which matrices are quantized shows in the tensors themselves, so lists of exceptions are not needed.
public struct QuantizationScheme: Sendable, Hashable {
    /// The arrangement of tensors.
    public enum Method: Sendable, Hashable {
        /// GPTQ: integers packed along the inputs, `qweight`, `qzeros`, `scales`, `g_idx`.
        case gptq
        /// AWQ's GEMM form: integers packed along the outputs in its own order, `qweight`, `qzeros`, `scales`.
        case awq
        /// One byte an element, e4m3 or an integer, in `weight` with `weight_scale` or `weight_scale_inv`.
        case bytes
        /// compressed-tensors' `pack-quantized`: integers packed along the inputs, `weight_packed`, `weight_scale`.
        case packed
    }

    /// The arrangement of tensors.
    public let method: Method
    /// The bits of an element.
    public let bits: Int
    /// Inputs that share a factor; nil for all inputs of an output.
    public let groupSize: Int?
    /// The extents of blocks that share a factor, outputs and inputs; nil where factors belong to rows or matrices.
    public let block: Block?
    /// Whether GPTQ's stored zero points are one less than they mean (its first format).
    public let zeroPointsAreOneLess: Bool

    /// The extents of a block.
    public struct Block: Sendable, Hashable {
        /// Outputs.
        public let rows: Int
        /// Inputs.
        public let columns: Int
    }

    init(
        method: Method, bits: Int, groupSize: Int? = nil, block: Block? = nil,
        zeroPointsAreOneLess: Bool = false
    ) {
        self.method = method
        self.bits = bits
        self.groupSize = groupSize
        self.block = block
        self.zeroPointsAreOneLess = zeroPointsAreOneLess
    }

    /// What it is, for people: `GPTQ, 4 bits, groups of 128`.
    public var summary: String {
        let name =
            switch method {
            case .gptq: "GPTQ"
            case .awq: "AWQ"
            case .bytes: bits == 8 ? "8-bit matrices" : "matrices of bytes"
            case .packed: "packed integers"
            }
        var parts = [name, "\(bits) bits"]
        if let groupSize { parts.append("groups of \(groupSize)") }
        if let block { parts.append("blocks of \(block.rows) x \(block.columns)") }
        return parts.joined(separator: ", ")
    }
}
