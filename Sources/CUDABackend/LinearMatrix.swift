import Compute

/// A weight in device memory.
final class LinearMatrix: LinearWeight {
    let outputCount: Int
    let inputCount: Int
    let inputType = DType.bfloat16
    /// bf16 `[outputCount, inputCount]`.
    let elements: Tensor
    /// One number per output in each type that an output can have; nil when no part has a bias.
    let bias: (float32: Tensor, bfloat16: Tensor)?

    init(elements: Tensor, bias: (float32: Tensor, bfloat16: Tensor)?) {
        outputCount = elements.shape[0]
        inputCount = elements.shape[1]
        self.elements = elements
        self.bias = bias
    }
}
