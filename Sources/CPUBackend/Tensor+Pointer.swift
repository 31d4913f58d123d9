import CPUKernels
import Compute

extension Tensor {
    /// The first element in host memory.
    package var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: address)! }

    /// The elements of an fp32 tensor.
    package var floats: UnsafeMutablePointer<Float> {
        precondition(dtype == .float32, "tensor is \(dtype), not float32")
        return pointer.assumingMemoryBound(to: Float.self)
    }

    /// The elements of a bf16 tensor, as their bits.
    package var halves: UnsafeMutablePointer<UInt16> {
        precondition(dtype == .bfloat16, "tensor is \(dtype), not bfloat16")
        return pointer.assumingMemoryBound(to: UInt16.self)
    }
}

extension DType {
    /// The type as C operators take it.
    var kernelType: mi_dtype {
        switch self {
        case .float32: MI_FLOAT32
        case .bfloat16: MI_BFLOAT16
        case .float16: MI_FLOAT16
        }
    }
}
