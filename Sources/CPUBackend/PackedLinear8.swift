import CPUKernels
import Compute

/// A weight matrix of bytes in panels of 64 outputs, as `mi_gemm8` reads it.
final class PackedLinear8: LinearWeight {
    let outputCount: Int
    let inputCount: Int
    let inputType: DType
    /// What the bytes are.
    let format: mi_byte_format
    /// Inputs that share a factor.
    let groupSize: Int
    /// The packed elements; see `minference_gemm8.h`.
    let packed: DeviceMemory
    /// Their factors, fp32.
    let factors: Tensor
    /// One fp32 number per output.
    let bias: Tensor?

    init(
        outputCount: Int, inputCount: Int, inputType: DType, format: mi_byte_format, groupSize: Int,
        packed: DeviceMemory, factors: Tensor, bias: Tensor?
    ) {
        self.outputCount = outputCount
        self.inputCount = inputCount
        self.inputType = inputType
        self.format = format
        self.groupSize = groupSize
        self.packed = packed
        self.factors = factors
        self.bias = bias
    }

    /// The packed elements.
    var bytes: UnsafeMutablePointer<UInt8> { UnsafeMutablePointer(bitPattern: packed.address)! }
}

extension WeightFormat.Element {
    /// The format as C operators take it; nil in the compute type.
    var kernelFormat: mi_byte_format? {
        switch self {
        case .native: nil
        case .int8: MI_BYTE_INT8
        case .float8: MI_BYTE_FLOAT8
        }
    }
}
