import Compute

/// A weight matrix as plain fp32 rows, rounded to the input type as a device would store it.
final class ReferenceLinear: LinearWeight {
    let outputCount: Int
    let inputCount: Int
    let inputType: DType
    let weights: [Float]
    let biases: [Float]

    init(parts: [HostTensor], biases: [HostTensor?], inputType: DType) {
        precondition(parts.count == biases.count && !parts.isEmpty, "one optional bias per part")
        let inputCount = parts[0].shape[1]
        self.inputCount = inputCount
        self.inputType = inputType
        outputCount = parts.reduce(0) { $0 + $1.shape[0] }
        var weights: [Float] = []
        weights.reserveCapacity(outputCount * inputCount)
        var allBiases: [Float] = []
        for (part, bias) in zip(parts, biases) {
            precondition(part.shape.count == 2 && part.shape[1] == inputCount, "parts differ in their inputs")
            precondition(bias.map { $0.shape == [part.shape[0]] } ?? true, "a bias is as long as its part")
            let elements = ReferenceElements(part)
            for index in 0..<elements.count {
                let value = elements[index]
                weights.append(
                    inputType == .bfloat16
                        ? Float(bitPattern: UInt32(ReferenceElements.bfloat16Bits(value)) << 16) : value)
            }
            let biasElements = bias.map(ReferenceElements.init)
            for index in 0..<part.shape[0] { allBiases.append(biasElements?[index] ?? 0) }
        }
        self.weights = weights
        self.biases = allBiases
    }
}
