import Compute

/// A weight matrix as plain fp32 rows, rounded to the input type or to 8 bits as a device would store it.
final class ReferenceLinear: LinearWeight {
    let outputCount: Int
    let inputCount: Int
    let inputType: DType
    let weights: [Float]
    let biases: [Float]

    init(
        parts: [HostTensor], biases: [HostTensor?], inputType: DType, format: WeightFormat = .native
    ) {
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
                    inputType == .bfloat16 && format == .native
                        ? Float(bitPattern: UInt32(ReferenceElements.bfloat16Bits(value)) << 16) : value)
            }
            let biasElements = bias.map(ReferenceElements.init)
            for index in 0..<part.shape[0] { allBiases.append(biasElements?[index] ?? 0) }
        }
        if let bytes = format.element.bytes {
            Self.round(&weights, inputs: inputCount, group: format.groupSize(inputs: inputCount), to: bytes)
        }
        self.weights = weights
        self.biases = allBiases
    }

    /// Replaces every number by that of its byte times its group's factor.
    private static func round(_ weights: inout [Float], inputs: Int, group: Int, to bytes: KVFormat) {
        for row in stride(from: 0, to: weights.count, by: max(inputs, 1)) {
            for start in stride(from: row, to: row + inputs, by: group) {
                let range = start..<min(start + group, row + inputs)
                let factor = range.reduce(Float(0)) { max($0, abs(weights[$1])) } / bytes.largest
                for index in range {
                    weights[index] =
                        factor > 0
                        ? ReferenceByte.value(ReferenceByte.byte(weights[index] / factor, bytes), bytes)
                            * factor
                        : 0
                }
            }
        }
    }
}

extension WeightFormat.Element {
    /// What the bytes are; nil in the compute type.
    fileprivate var bytes: KVFormat? {
        switch self {
        case .native: nil
        case .int8: .int8
        case .float8: .float8
        }
    }
}
