import CPUKernels
import Compute

extension CPUBackend {
    /// All.
    public var weightElements: [WeightFormat.Element] { WeightFormat.Element.allCases }

    /// Packs the rows of all `parts`, one below the other, for `linear`, rounded to `format`.
    ///
    /// - Throws: as `makeLinear` of the compute type.
    public func makeLinear(
        parts: [HostTensor], biases: [HostTensor?], inputType: DType, format: WeightFormat
    ) throws -> any LinearWeight {
        guard let bytes = format.element.kernelFormat else {
            return try makeLinear(parts: parts, biases: biases, inputType: inputType)
        }
        let inputs = try Self.checkedInputs(parts: parts, biases: biases, inputType: inputType)
        let outputs = parts.reduce(0) { $0 + $1.shape[0] }
        let group = format.groupSize(inputs: inputs)
        let weight = PackedLinear8(
            outputCount: outputs, inputCount: inputs, inputType: inputType, format: bytes, groupSize: group,
            packed: try memory.allocate(byteCount: mi_gemm8_packed_bytes(outputs, inputs), zeroed: true),
            factors: try makeZeros(shape: [mi_gemm8_scale_count(outputs, inputs, group)], dtype: .float32),
            bias: try concatenate(biases, counts: parts.map { $0.shape[0] }))
        var output = 0
        for part in parts {
            try pack(part, at: output, of: weight)
            output += part.shape[0]
        }
        return weight
    }

    private func pack(_ part: HostTensor, at first: Int, of weight: PackedLinear8) throws {
        guard let source = part.bytes.baseAddress, part.shape[0] > 0 else { return }
        let inputs = part.shape[1]
        try pool.parallel(rows: part.shape[0], grain: Int(MI_GEMM_PANEL)) { rows in
            mi_gemm8_pack(
                isa, source + rows.lowerBound * inputs * part.dtype.byteCount, part.dtype.kernelType,
                rows.count, inputs, first + rows.lowerBound, weight.groupSize, weight.format, weight.bytes,
                weight.factors.floats)
        }
    }

    /// The product with a matrix of bytes.
    func linear(_ x: Tensor, _ weight: PackedLinear8, into output: Tensor, accumulating: Bool) throws {
        let rows = x.shape[0]
        precondition(x.dtype == weight.inputType && x.rowCount == weight.inputCount, "linear: wrong input")
        precondition(output.shape[0] == rows && output.rowCount == weight.outputCount, "linear: wrong output")
        precondition(
            output.dtype == .float32 || !accumulating && output.dtype == .bfloat16,
            "linear: wrong output type")
        var arguments = mi_gemm8_args(
            x: x.pointer, packed: weight.bytes, scales: weight.factors.floats, bias: weight.bias?.floats,
            y: output.pointer, inputs: weight.inputCount, outputs: weight.outputCount,
            group: weight.groupSize, x_type: x.dtype.kernelType, y_type: output.dtype.kernelType,
            format: weight.format, accumulate: accumulating)
        let panels = (weight.outputCount + Int(MI_GEMM_PANEL) - 1) / Int(MI_GEMM_PANEL)
        let rowBlock = self.rowBlock(rows: rows, panels: panels)
        let rowBlocks = (rows + rowBlock - 1) / rowBlock
        try withUnsafePointer(to: &arguments) { arguments in
            try pool.parallel(count: rowBlocks * panels) { index in
                let first = index / panels * rowBlock
                mi_gemm8(isa, arguments, first, min(rows, first + rowBlock), index % panels)
            }
        }
    }
}
