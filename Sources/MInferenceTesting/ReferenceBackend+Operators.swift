import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ReferenceBackend {
    /// Copies rows of the table.
    public func embed(_ tokens: [Int32], table: Tensor, into output: Tensor) throws {
        let width = table.rowCount
        precondition(output.shape == [tokens.count, width], "one output row per token")
        let (from, to) = (ReferenceElements(table), ReferenceElements(output))
        for (row, token) in tokens.enumerated() {
            for column in 0..<width { to[row * width + column] = from[Int(token) * width + column] }
        }
    }

    /// `x / sqrt(mean(x^2) + epsilon) * weight`, row by row.
    public func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float, into output: Tensor) throws {
        let width = x.rowCount
        precondition(weight.shape == [width] && output.shape == x.shape, "shapes of a norm")
        let (from, scale, to) = (ReferenceElements(x), ReferenceElements(weight), ReferenceElements(output))
        for row in 0..<x.shape[0] {
            var squares = 0.0
            for column in 0..<width {
                squares += Double(from[row * width + column]) * Double(from[row * width + column])
            }
            let factor = 1 / (squares / Double(width) + Double(epsilon)).squareRoot()
            for column in 0..<width {
                to[row * width + column] = Float(
                    Double(from[row * width + column]) * factor * Double(scale[column]))
            }
        }
    }

    /// A dot product per output, in double precision.
    public func linear(_ x: Tensor, _ weight: any LinearWeight, into output: Tensor, accumulating: Bool)
        throws
    {
        guard let weight = weight as? ReferenceLinear else {
            throw ComputeError.unsupported("a weight of another backend")
        }
        let (rows, inputs, outputs) = (x.shape[0], weight.inputCount, weight.outputCount)
        precondition(x.shape == [rows, inputs] && output.shape == [rows, outputs], "shapes of a product")
        precondition(x.dtype == weight.inputType, "the input type that the weight was made for")
        precondition(!accumulating || output.dtype == .float32, "sums are kept in fp32")
        try checkCancellation()
        let to = ReferenceElements(output)
        let from = try read(x)
        from.withUnsafeBufferPointer { from in
            weight.weights.withUnsafeBufferPointer { weights in
                for row in 0..<rows {
                    for column in 0..<outputs {
                        var sum = Double(weight.biases[column])
                        for index in 0..<inputs {
                            sum +=
                                Double(from[row * inputs + index]) * Double(weights[column * inputs + index])
                        }
                        let place = row * outputs + column
                        to[place] = Float(accumulating ? Double(to[place]) + sum : sum)
                    }
                }
            }
        }
    }

    /// Rotation by the exact angle of each position, in double precision.
    public func rotateAndStore(
        qkv: Tensor, start: Int, table: RotaryTable, queries: Tensor, cache: KVLayer
    ) throws {
        let (tokens, dimension, kvHeads) = (qkv.shape[0], cache.headDimension, cache.kvHeads)
        let heads = qkv.rowCount / dimension - 2 * kvHeads
        precondition(queries.shape == [tokens, heads * dimension], "one query row per token")
        precondition(start >= cache.firstToken, "compressed tokens stay")
        precondition(start + tokens <= cache.capacity, "tokens beyond the cache")
        precondition(start + tokens <= table.positionCount, "positions beyond the rotary table")
        let from = ReferenceElements(qkv)
        let (to, keys, values) = (
            ReferenceElements(queries), ReferenceElements(cache.keys), ReferenceElements(cache.values)
        )
        for token in 0..<tokens {
            for head in 0..<heads + 2 * kvHeads {
                let row = (token * (heads + 2 * kvHeads) + head) * dimension
                var vector = (0..<dimension).map { from[row + $0] }
                if head < heads + kvHeads { rotate(&vector, position: start + token, table: table) }
                let kvHead = head < heads + kvHeads ? head - heads : head - heads - kvHeads
                let tail = cache.capacity - cache.firstToken
                let cacheRow = (kvHead * tail + start - cache.firstToken + token) * dimension
                for (column, value) in vector.enumerated() {
                    if head < heads {
                        to[(token * heads + head) * dimension + column] = value
                    } else if head < heads + kvHeads {
                        keys[cacheRow + column] = value
                    } else {
                        values[cacheRow + column] = value
                    }
                }
            }
        }
    }

    private func rotate(_ vector: inout [Float], position: Int, table: RotaryTable) {
        let half = table.inverseFrequencies.count
        for pair in 0..<half {
            let angle = Double(position) * table.inverseFrequencies[pair]
            let (cosine, sine) = (cos(angle) * table.scale, sin(angle) * table.scale)
            let (first, second) = (Double(vector[pair]), Double(vector[pair + half]))
            vector[pair] = Float(first * cosine - second * sine)
            vector[pair + half] = Float(second * cosine + first * sine)
        }
    }

    /// `silu(gate) * up`.
    public func siluGate(_ gateUp: Tensor, into output: Tensor) throws {
        let width = gateUp.rowCount / 2
        precondition(output.shape == [gateUp.shape[0], width], "half as wide as its input")
        let (from, to) = (ReferenceElements(gateUp), ReferenceElements(output))
        for row in 0..<gateUp.shape[0] {
            for column in 0..<width {
                let gate = Double(from[row * 2 * width + column])
                let up = Double(from[row * 2 * width + width + column])
                to[row * width + column] = Float(gate / (1 + exp(-gate)) * up)
            }
        }
    }
}
