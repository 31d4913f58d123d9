import CPUKernels
import Compute

/// Outputs of a panel of weights.
private let panelSize = Int(MI_GEMM_PANEL)
/// The most rows that a panel is multiplied with at a time.
private let largestRowBlock = Int(MI_GEMM_ROWS)
/// The fewest: 8 register tiles, below which reading the panel costs more than multiplying it.
private let smallestRowBlock = 48

extension CPUBackend {
    /// Packs the rows of all `parts`, one below the other, for `linear`.
    ///
    /// - Throws: `ComputeError.outOfMemory`, or `.unsupported` for `float16` and for parts that do not fit together.
    public func makeLinear(parts: [HostTensor], biases: [HostTensor?], inputType: DType) throws
        -> any LinearWeight
    {
        let inputs = try Self.checkedInputs(parts: parts, biases: biases, inputType: inputType)
        let outputs = parts.reduce(0) { $0 + $1.shape[0] }
        let byteCount = mi_gemm_packed_bytes(outputs, inputs, inputType.kernelType)
        let packed = try makeZeros(shape: [byteCount / inputType.byteCount], dtype: inputType)
        var output = 0
        for part in parts {
            try pack(part, at: output, of: packed, as: inputType)
            output += part.shape[0]
        }
        return PackedLinear(
            outputCount: outputs, inputCount: inputs, inputType: inputType, packed: packed,
            bias: try concatenate(biases, counts: parts.map { $0.shape[0] }))
    }

    /// `output = x W^T + bias`, or `output += x W^T + bias`; sums are fp32.
    public func linear(_ x: Tensor, _ weight: any LinearWeight, into output: Tensor, accumulating: Bool)
        throws
    {
        if let weight = weight as? PackedLinear8 {
            return try linear(x, weight, into: output, accumulating: accumulating)
        }
        guard let weight = weight as? PackedLinear else {
            preconditionFailure("linear: another backend's weight")
        }
        let rows = x.shape[0]
        precondition(x.dtype == weight.inputType && x.rowCount == weight.inputCount, "linear: wrong input")
        precondition(output.shape[0] == rows && output.rowCount == weight.outputCount, "linear: wrong output")
        precondition(
            output.dtype == .float32 || !accumulating && output.dtype == .bfloat16,
            "linear: wrong output type")
        var arguments = mi_gemm_args(
            x: x.pointer, packed: weight.packed.pointer, bias: weight.bias?.floats, y: output.pointer,
            inputs: weight.inputCount, outputs: weight.outputCount, type: weight.inputType.kernelType,
            y_type: output.dtype.kernelType, accumulate: accumulating)
        let panels = (weight.outputCount + panelSize - 1) / panelSize
        let rowBlock = self.rowBlock(rows: rows, panels: panels)
        let rowBlocks = (rows + rowBlock - 1) / rowBlock
        try withUnsafePointer(to: &arguments) { arguments in
            try pool.parallel(count: rowBlocks * panels) { index in
                let first = index / panels * rowBlock
                mi_gemm(isa, arguments, first, min(rows, first + rowBlock), index % panels)
            }
        }
    }

    /// The inputs that all parts have, once parts and biases are known to fit together.
    static func checkedInputs(parts: [HostTensor], biases: [HostTensor?], inputType: DType) throws -> Int {
        guard inputType != .float16 else {
            throw ComputeError.unsupported("the CPU multiplies float32 and bfloat16, not float16")
        }
        precondition(!parts.isEmpty && parts.count == biases.count, "makeLinear: one bias or nil per part")
        let inputs = parts[0].shape.last ?? 0
        for (part, bias) in zip(parts, biases) {
            try Self.check(part, isMatrixOf: inputs)
            if let bias { try Self.check(bias, isBiasOf: part) }
        }
        return inputs
    }

    /// The most rows that still make enough indexes for all threads to end together.
    func rowBlock(rows: Int, panels: Int) -> Int {
        var block = largestRowBlock
        while block > smallestRowBlock && (rows + block - 1) / block * panels < 4 * pool.threads {
            block /= 2
        }
        return block
    }

    private static func check(_ part: HostTensor, isMatrixOf inputs: Int) throws {
        guard part.shape.count == 2, part.shape[1] == inputs else {
            throw ComputeError.unsupported(
                "weight \(part.name) has the shape \(part.shape), expected [outputs, \(inputs)]")
        }
    }

    private static func check(_ bias: HostTensor, isBiasOf part: HostTensor) throws {
        guard bias.shape == [part.shape[0]] else {
            throw ComputeError.unsupported(
                "bias \(bias.name) has the shape \(bias.shape), expected [\(part.shape[0])] as \(part.name) has"
            )
        }
    }

    /// Packs one part's rows as the outputs from `first` on.
    private func pack(_ part: HostTensor, at first: Int, of packed: Tensor, as type: DType) throws {
        guard let source = part.bytes.baseAddress, part.shape[0] > 0 else { return }
        let inputs = part.shape[1]
        try pool.parallel(rows: part.shape[0], grain: panelSize) { rows in
            mi_gemm_pack(
                isa, source + rows.lowerBound * inputs * part.dtype.byteCount, part.dtype.kernelType,
                rows.count,
                inputs, first + rows.lowerBound, packed.pointer, type.kernelType)
        }
    }

    /// One fp32 vector of all biases, with zeros for parts that have none; nil when none has.
    func concatenate(_ biases: [HostTensor?], counts: [Int]) throws -> Tensor? {
        guard biases.contains(where: { $0 != nil }) else { return nil }
        let total = counts.reduce(0, +)
        let bias = try makeZeros(shape: [total], dtype: .float32)
        var first = 0
        for (part, count) in zip(biases, counts) {
            if let part, let source = part.bytes.baseAddress {
                mi_convert(isa, source, part.dtype.kernelType, bias.floats + first, MI_FLOAT32, count)
            }
            first += count
        }
        return bias
    }
}
