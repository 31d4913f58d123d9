import Compute

/// A weight matrix in panels of 64 outputs, as `mi_gemm` reads it.
final class PackedLinear: LinearWeight {
    let outputCount: Int
    let inputCount: Int
    let inputType: DType
    /// The packed elements; see `minference_gemm.h`.
    let packed: Tensor
    /// One fp32 number per output.
    let bias: Tensor?

    init(outputCount: Int, inputCount: Int, inputType: DType, packed: Tensor, bias: Tensor?) {
        self.outputCount = outputCount
        self.inputCount = inputCount
        self.inputType = inputType
        self.packed = packed
        self.bias = bias
    }
}
