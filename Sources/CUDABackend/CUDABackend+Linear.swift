import Compute

extension CUDABackend {
    /// The rows of all `parts`, one below the other, in bf16.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for other types than bf16 and for parts that do not fit
    ///   together.
    package func makeLinear(parts: [HostTensor], biases: [HostTensor?], inputType: DType) throws
        -> any LinearWeight
    {
        try requireBFloat16(inputType, "multiplies")
        precondition(!parts.isEmpty && parts.count == biases.count, "makeLinear: one bias or nil per part")
        let inputs = parts[0].shape.last ?? 0
        for (part, bias) in zip(parts, biases) {
            guard part.shape.count == 2, part.shape[1] == inputs else {
                throw ComputeError.unsupported(
                    "weight \(part.name) has the shape \(part.shape), expected [outputs, \(inputs)]")
            }
            guard bias == nil || bias?.shape == [part.shape[0]] else {
                throw ComputeError.unsupported(
                    "bias \(bias!.name) has the shape \(bias!.shape), expected [\(part.shape[0])] as \(part.name) has"
                )
            }
        }
        let elements = try makeTensor(
            shape: [parts.reduce(0) { $0 + $1.shape[0] }, inputs], dtype: .bfloat16)
        var row = 0
        for part in parts {
            try upload(part, to: elements.rows(row..<row + part.shape[0]).address, dtype: .bfloat16)
            row += part.shape[0]
        }
        guard biases.contains(where: { $0 != nil }) else {
            return LinearMatrix(elements: elements, bias: nil)
        }
        return LinearMatrix(
            elements: elements,
            bias: (
                try concatenate(biases, parts, dtype: .float32),
                try concatenate(biases, parts, dtype: .bfloat16)
            ))
    }

    /// `output = x W^T + bias`, or `output += x W^T + bias`; sums are fp32.
    package func linear(_ x: Tensor, _ weight: any LinearWeight, into output: Tensor, accumulating: Bool)
        throws
    {
        guard let weight = weight as? LinearMatrix else {
            preconditionFailure("linear: another backend's weight")
        }
        let rows = x.shape[0]
        precondition(x.dtype == .bfloat16 && x.rowCount == weight.inputCount, "linear: wrong input")
        precondition(output.shape[0] == rows && output.rowCount == weight.outputCount, "linear: wrong output")
        precondition(
            output.dtype == .float32 || !accumulating && output.dtype == .bfloat16,
            "linear: wrong output type")
        try checkCancellation()
        guard rows > 0, weight.outputCount > 0 else { return }
        let bias = output.dtype == .float32 ? weight.bias?.float32 : weight.bias?.bfloat16
        try products.multiply(
            input: x.address, weight: weight.elements.address, bias: bias?.address, output: output.address,
            rows: rows, outputs: weight.outputCount, inputs: weight.inputCount, outputType: output.dtype,
            accumulating: accumulating)
    }

    /// One vector of all biases, with zeros for parts that have none.
    private func concatenate(_ biases: [HostTensor?], _ parts: [HostTensor], dtype: DType) throws -> Tensor {
        let bias = try makeTensor(shape: [parts.reduce(0) { $0 + $1.shape[0] }], dtype: dtype)
        try stream.fill(bias.address, byte: 0, byteCount: bias.byteCount)
        var first = 0
        for (part, source) in zip(parts, biases) {
            let count = part.shape[0]
            if let source { try upload(source, to: bias.rows(first..<first + count).address, dtype: dtype) }
            first += count
        }
        return bias
    }
}
