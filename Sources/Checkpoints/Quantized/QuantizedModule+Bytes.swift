import Compute

extension QuantizedModule {
    /// One byte an element: `weight[o][i] = scale * (byte - zero)`, with a scale per matrix, output, group of inputs or
    /// block.
    ///
    /// Scales are `weight_scale`, or `weight_scale_inv` as DeepSeek calls them; both are factors.
    func bytes() throws(CheckpointError) -> HostTensor {
        let weight = try part("weight")
        let (outputs, inputs) = try extents(weight)
        let scale = try part(
            checkpoint.holds(prefix + "weight_scale_inv") ? "weight_scale_inv" : "weight_scale")
        let (rows, columns) = try scaleExtents(scale, outputs: outputs, inputs: inputs)
        let scales = try scale.numbers()
        let scaleColumns = max(1, (inputs + columns - 1) / columns)
        let elements = SharedPointer(weight.start.assumingMemoryBound(to: UInt8.self))
        let zeros = try zeroPoints(scale, isInteger: weight.dtype == .i8)
        let table = (0...255).map { byte in
            weight.dtype == .i8
                ? Float(Int8(bitPattern: UInt8(byte))) : Float(float8: UInt8(byte))
        }
        return WidenedMatrix.tensor(name, shape: [outputs, inputs]) { output, numbers in
            let firstScale = output / rows * scaleColumns
            table.withUnsafeBufferPointer { table in
                for start in stride(from: 0, to: inputs, by: columns) {
                    let place = firstScale + start / columns
                    let (factor, zero) = (scales[place], zeros?[place] ?? 0)
                    for input in start..<min(start + columns, inputs) {
                        numbers[input] = factor * (table[Int(elements[output * inputs + input])] - zero)
                    }
                }
            }
        }
    }

    /// The outputs and inputs that share a scale.
    private func scaleExtents(
        _ scale: StoredTensor, outputs: Int, inputs: Int
    ) throws(CheckpointError) -> (rows: Int, columns: Int) {
        func count(_ extent: Int, _ part: Int) -> Int { (extent + part - 1) / part }
        let shape = scale.shape
        if let block = scheme.block, shape == [count(outputs, block.rows), count(inputs, block.columns)] {
            return (block.rows, block.columns)
        }
        if shape.reduce(1, *) == 1 { return (max(outputs, 1), max(inputs, 1)) }
        if shape == [outputs] || shape == [outputs, 1] { return (1, max(inputs, 1)) }
        if let size = scheme.groupSize, shape == [outputs, count(inputs, size)] { return (1, size) }
        var expected = ["one number", "[\(outputs), 1]"]
        if let size = scheme.groupSize { expected.append("[\(outputs), \(count(inputs, size))]") }
        if let block = scheme.block {
            expected.append("[\(count(outputs, block.rows)), \(count(inputs, block.columns))]")
        }
        throw scale.invalid("shape is \(shape), expected \(expected.joined(separator: " or "))")
    }

    /// The zero points of integers that have them, of the scales' shape.
    private func zeroPoints(_ scale: StoredTensor, isInteger: Bool) throws(CheckpointError) -> [Float]? {
        guard isInteger, let zeros = try optionalPart("weight_zero_point") else { return nil }
        guard zeros.dtype == .i8 else { throw zeros.invalid("dtype is \(zeros.dtype.rawValue), expected I8") }
        try zeros.check(scale.shape)
        return zeros.bytes.map { Float(Int8(bitPattern: $0)) }
    }
}
