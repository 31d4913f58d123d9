import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ReferenceBackend {
    /// Softmax over the kept keys of each row, one row and head at a time.
    public func attend(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, indexes: [AttentionIndex], scale: Float,
        into output: Tensor
    ) throws {
        precondition(indexes.count == shape.heads, "one index per head")
        precondition(
            queries.shape == [shape.queryCount, shape.heads * shape.headDimension], "shape of the queries")
        precondition(output.shape == queries.shape, "output has the shape of the queries")
        precondition(cache.capacity >= shape.keyCount, "keys beyond the cache")
        let (from, to, values) = (
            ReferenceElements(queries), ReferenceElements(output), ReferenceKVRows(valuesOf: cache)
        )
        let dimension = shape.headDimension
        let chunks = cache.traits.dualChunks
        try chunks?.check(indexes)
        for head in 0..<shape.heads {
            try checkCancellation()
            let selection = ReferenceSelection(indexes[head], shape: shape, geometry: attentionGeometry)
            let kvHead = head / shape.groupSize
            switch (indexes[head], chunks) {
            case (.correctedBlocks, _), (.repositioned, _), (_, .some):
                let input = try ReferenceSpecialHead(
                    queries: from, cache: cache, shape: shape, head: head, scale: Double(scale))
                for row in 0..<shape.queryCount {
                    let sums = input.output(row: row, index: indexes[head], selection: selection)
                    for column in 0..<dimension {
                        to[(row * shape.heads + head) * dimension + column] = Float(sums[column])
                    }
                }
                continue
            default: break
            }
            for row in 0..<shape.queryCount {
                let start = (row * shape.heads + head) * dimension
                let query = (0..<dimension).map { from[start + $0] }
                let probabilities = probabilities(
                    of: query, cache: cache, kvHead: kvHead, keys: selection.keys(row: row), scale: scale)
                var sums = [Double](repeating: 0, count: dimension)
                for (key, probability) in probabilities {
                    for column in 0..<dimension {
                        sums[column] += probability * Double(values[kvHead, key, column])
                    }
                }
                for column in 0..<dimension { to[start + column] = Float(sums[column]) }
            }
        }
    }

    /// One row over all keys, or those of the window.
    public func decodeAttend(
        queries: Tensor, cache: KVLayer, heads: Int, keyCount: Int, scale: Float, into output: Tensor
    ) throws {
        let shape = AttentionShape(
            heads: heads, kvHeads: cache.kvHeads, headDimension: cache.headDimension,
            queryStart: keyCount - 1,
            queryCount: 1)
        let index = cache.traits.window.map { AttentionIndex.window($0, keyCount: keyCount) } ?? .dense
        try attend(
            queries: queries, cache: cache, shape: shape,
            indexes: [AttentionIndex](repeating: index, count: heads), scale: scale, into: output)
    }

    /// Estimators over plain loops.
    public func makeProbe(
        queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float
    ) -> any AttentionProbe {
        ReferenceProbe(backend: self, queries: queries, cache: cache, shape: shape, scale: scale)
    }

    /// The softmax of `scale * query . key`, capped as the cache says, over `keys`, with the keys' positions.
    func probabilities(
        of query: [Float], cache: KVLayer, kvHead: Int, keys: [Int], scale: Float
    ) -> [(key: Int, probability: Double)] {
        let stored = ReferenceKVRows(keysOf: cache)
        var scores = keys.map { key in
            var sum = 0.0
            for column in 0..<cache.headDimension {
                sum += Double(query[column]) * Double(stored[kvHead, key, column])
            }
            return cache.traits.capped(sum * Double(scale))
        }
        let highest = scores.max() ?? 0
        for index in scores.indices { scores[index] = exp(scores[index] - highest) }
        let total = scores.reduce(0, +)
        return zip(keys, scores).map { ($0, $1 / total) }
    }
}

extension AttentionTraits {
    /// A scaled score under the soft cap.
    func capped(_ score: Double) -> Double {
        guard let cap = softCap.map(Double.init) else { return score }
        return cap * tanh(score / cap)
    }
}
