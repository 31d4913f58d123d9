import CPUKernels
import Compute

extension CPUBackend {
    /// Elements that make an index of a loop worth handing out: some microseconds of work.
    static let grain = 1 << 13

    func rowGrain(_ rowCount: Int) -> Int { max(1, Self.grain / max(1, rowCount)) }

    /// `output[i] = table[tokens[i]]`, widened to fp32.
    ///
    /// - Throws: `ComputeError.unsupported` for a token that the table does not have, `.cancelled`.
    public func embed(_ tokens: [Int32], table: Tensor, into output: Tensor) throws {
        let hidden = table.rowCount
        precondition(
            output.dtype == .float32 && output.shape == [tokens.count, hidden], "embed: wrong output")
        if let token = tokens.first(where: { $0 < 0 || $0 >= table.shape[0] }) {
            throw ComputeError.unsupported(
                "token \(token) is outside the model's vocabulary of \(table.shape[0]); "
                    + "the tokenizer does not belong to this model")
        }
        let rowBytes = hidden * table.dtype.byteCount
        try pool.parallel(rows: tokens.count, grain: rowGrain(hidden)) { rows in
            for row in rows {
                mi_convert(
                    isa, table.pointer + Int(tokens[row]) * rowBytes, table.dtype.kernelType,
                    output.floats + row * hidden, MI_FLOAT32, hidden)
            }
        }
    }

    /// RMSNorm of every row: `x / sqrt(mean(x^2) + epsilon) * weight`.
    public func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float, into output: Tensor) throws {
        let count = x.rowCount
        precondition(weight.count == count && output.shape == x.shape, "rmsNorm: shapes do not match")
        precondition(output.dtype != .float16, "rmsNorm: float16 output")
        try pool.parallel(rows: x.shape[0], grain: rowGrain(count)) { rows in
            mi_rms_norm(
                isa, x.floats + rows.lowerBound * count, weight.floats, epsilon, rows.count, count,
                output.pointer + rows.lowerBound * count * output.dtype.byteCount, output.dtype.kernelType)
        }
    }

    /// `output = silu(gateUp[:, ..<n]) * gateUp[:, n...]`, with `silu(g) = g / (1 + e^-g)`.
    public func siluGate(_ gateUp: Tensor, into output: Tensor) throws {
        let count = output.rowCount
        precondition(
            gateUp.shape[0] == output.shape[0] && gateUp.rowCount == 2 * count,
            "siluGate: shapes do not match")
        precondition(output.dtype != .float16, "siluGate: float16 output")
        try pool.parallel(rows: output.shape[0], grain: rowGrain(count)) { rows in
            mi_silu_gate(
                isa, gateUp.floats + rows.lowerBound * 2 * count, rows.count, count,
                output.pointer + rows.lowerBound * count * output.dtype.byteCount, output.dtype.kernelType)
        }
    }

    /// Rotates queries and keys by position and appends keys and values to `cache` at `start`.
    public func rotateAndStore(
        qkv: Tensor, start: Int, table: RotaryTable, queries: Tensor, cache: KVLayer
    ) throws {
        let dimension = cache.headDimension
        let tokens = qkv.shape[0]
        let heads = qkv.rowCount / dimension - 2 * cache.kvHeads
        let half = table.inverseFrequencies.count
        precondition(
            heads > 0 && qkv.rowCount == (heads + 2 * cache.kvHeads) * dimension, "rotate: wrong qkv")
        precondition(
            queries.shape == [tokens, heads * dimension] && queries.dtype != .float16, "rotate: wrong queries"
        )
        precondition(start >= cache.firstToken, "rotate: compressed tokens stay")
        precondition(start + tokens <= cache.capacity, "rotate: the cache is too small")
        precondition(start + tokens <= table.positionCount, "rotate: position outside the rotary table")
        precondition(2 * half <= dimension && half <= MI_ROTARY_MAX_HALF, "rotate: too many rotated elements")
        // Cut at even tokens of the cache, between the pairs of the bf16 value layout.
        let grain = 2 * rowGrain(2 * qkv.rowCount)
        let first = start - (start - cache.firstToken) % 2
        try table.coarse.withUnsafeBufferPointer { coarse in
            try table.fine.withUnsafeBufferPointer { fine in
                var arguments = mi_rotary(
                    qkv: qkv.floats, queries: queries.pointer, keys: cache.keys.pointer,
                    values: cache.values.pointer, coarse: coarse.baseAddress, fine: fine.baseAddress,
                    coarse_step: RotaryTable.coarseStep, capacity: cache.capacity - cache.firstToken,
                    first_token: cache.firstToken, heads: Int32(heads),
                    kv_heads: Int32(cache.kvHeads), head_dim: Int32(dimension), half: Int32(half),
                    query_type: queries.dtype.kernelType, cache_type: cache.keys.dtype.kernelType)
                try withUnsafePointer(to: &arguments) { arguments in
                    try pool.parallel(rows: start + tokens - first, grain: grain) { positions in
                        let begin = max(0, first + positions.lowerBound - start)
                        mi_rotate_and_store(
                            isa, arguments, start, begin, first + positions.upperBound - start)
                    }
                }
            }
        }
    }
}
