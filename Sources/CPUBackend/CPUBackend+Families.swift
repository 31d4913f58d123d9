import CPUKernels
import Compute

/// What models of some families need.
extension CPUBackend {
    /// All of them.
    public var features: BackendFeatures { .all }

    /// `output = gelu(gateUp[:, ..<n]) * gateUp[:, n...]`, by GELU's tanh approximation.
    public func geluGate(_ gateUp: Tensor, into output: Tensor) throws {
        let count = output.rowCount
        precondition(
            gateUp.shape[0] == output.shape[0] && gateUp.rowCount == 2 * count,
            "geluGate: shapes do not match")
        precondition(output.dtype != .float16, "geluGate: float16 output")
        try pool.parallel(rows: output.shape[0], grain: rowGrain(count)) { rows in
            mi_gelu_gate(
                isa, gateUp.floats + rows.lowerBound * 2 * count, rows.count, count,
                output.pointer + rows.lowerBound * count * output.dtype.byteCount, output.dtype.kernelType)
        }
    }

    /// RMSNorm of some heads of every row, in place.
    public func normalizeHeads(_ qkv: Tensor, heads: Range<Int>, weight: Tensor, epsilon: Float) throws {
        let (width, dimension) = (qkv.rowCount, weight.count)
        precondition(heads.upperBound * dimension <= width, "normalizeHeads: heads outside the row")
        try pool.parallel(rows: qkv.shape[0], grain: rowGrain(heads.count * dimension)) { rows in
            for row in rows {
                let first = qkv.floats + row * width + heads.lowerBound * dimension
                mi_rms_norm(isa, first, weight.floats, epsilon, heads.count, dimension, first, MI_FLOAT32)
            }
        }
    }

    /// `x *= factor`.
    public func scale(_ x: Tensor, by factor: Float) throws {
        try forEachRun(of: x) { mi_scale(isa, x.floats + $0.lowerBound, factor, $0.count) }
    }

    /// `x = cap * tanh(x / cap)`.
    public func softCap(_ x: Tensor, at cap: Float) throws {
        try forEachRun(of: x) { mi_soft_cap(isa, x.floats + $0.lowerBound, cap, $0.count) }
    }

    /// `output += x`.
    public func add(_ x: Tensor, to output: Tensor) throws {
        precondition(x.shape == output.shape, "add: shapes do not match")
        try forEachRun(of: x) {
            mi_add_scaled(isa, x.floats + $0.lowerBound, 1, output.floats + $0.lowerBound, $0.count)
        }
    }

    /// `output[i] = x[rows[i]]`.
    public func gatherRows(_ x: Tensor, rows: [Int32], into output: Tensor) throws {
        precondition(
            output.shape == [rows.count, x.rowCount] && output.dtype == x.dtype, "gatherRows: wrong output")
        let byteCount = x.rowCount * x.dtype.byteCount
        try pool.parallel(rows: rows.count, grain: rowGrain(x.rowCount)) { range in
            for row in range {
                (output.pointer + row * byteCount).copyMemory(
                    from: x.pointer + Int(rows[row]) * byteCount, byteCount: byteCount)
            }
        }
    }

    /// `output[rows[i]] += weights[i] * x[i]`.
    public func addRows(_ x: Tensor, to output: Tensor, rows: [Int32], weights: [Float]) throws {
        let width = x.rowCount
        precondition(
            x.shape[0] == rows.count && output.rowCount == width && weights.count == rows.count,
            "addRows: shapes do not match")
        try pool.parallel(rows: rows.count, grain: rowGrain(width)) { range in
            for row in range {
                mi_add_scaled(
                    isa, x.floats + row * width, weights[row], output.floats + Int(rows[row]) * width, width)
            }
        }
    }

    private func forEachRun(of x: Tensor, _ body: (Range<Int>) -> Void) throws {
        try pool.parallel(rows: x.count, grain: Self.grain, body)
    }
}
