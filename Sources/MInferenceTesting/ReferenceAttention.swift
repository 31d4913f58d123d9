import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Attention and its estimators over plain arrays, in double precision and straight from the formulas.
///
/// The oracle for index selection: nothing here shares code with what it checks, and nothing needs a device.
public struct ReferenceAttention: Sendable {
    /// The extents of the call.
    public let shape: AttentionShape
    /// Multiplies scores before the softmax.
    public let scale: Double
    private let queries: [Float]
    private let keys: [Float]
    /// Vectors in double precision: `queryRows[row * heads + head]` and `keyRows[key * kvHeads + kvHead]`.
    private let queryRows: [[Double]]
    private let keyRows: [[Double]]

    /// Attention of `queries` `[queryCount, heads * headDim]` over `keys` `[keyCount, kvHeads * headDim]`; the scale
    /// is `headDim ** -0.5`.
    public init(queries: [Float], keys: [Float], shape: AttentionShape) {
        precondition(
            queries.count == shape.queryCount * shape.heads * shape.headDimension, "shape of the queries")
        precondition(keys.count == shape.keyCount * shape.kvHeads * shape.headDimension, "shape of the keys")
        self.queries = queries
        self.keys = keys
        self.shape = shape
        func rows(_ numbers: [Float]) -> [[Double]] {
            stride(from: 0, to: numbers.count, by: shape.headDimension).map {
                numbers[$0..<$0 + shape.headDimension].map(Double.init)
            }
        }
        queryRows = rows(queries)
        keyRows = rows(keys)
        scale = 1 / Double(shape.headDimension).squareRoot()
    }

    /// The softmax of a row over those of its causal keys for which `keep` holds; 0 for the others.
    public func probabilities(head: Int, row: Int, keep: (_ key: Int) -> Bool = { _ in true }) -> [Double] {
        let position = shape.queryStart + row
        let scores = (0...position).map { key in
            keep(key) ? scale * dot(query(head: head, row: row), key: key, head: head) : -.infinity
        }
        let highest = scores.max() ?? 0
        guard highest > -.infinity else { return scores.map { _ in 0 } }
        let exponentials = scores.map { exp($0 - highest) }
        let total = exponentials.reduce(0, +)
        return exponentials.map { $0 / total }
    }

    /// The output of a head's row, `values` being `[keyCount, kvHeads * headDim]`.
    public func output(
        head: Int, row: Int, values: [Float], keep: (_ key: Int) -> Bool = { _ in true }
    ) -> [Double] {
        var output = [Double](repeating: 0, count: shape.headDimension)
        for (key, probability) in probabilities(head: head, row: row, keep: keep).enumerated() {
            let start = (key * shape.kvHeads + head / shape.groupSize) * shape.headDimension
            for column in output.indices { output[column] += probability * Double(values[start + column]) }
        }
        return output
    }

    /// The last `rows` rows' probabilities, summed over each key and over each distance.
    public func lastRowSums(head: Int, rows: Int) -> (columns: [Double], distances: [Double]) {
        var columns = [Double](repeating: 0, count: shape.keyCount)
        var distances = columns
        for row in shape.queryCount - rows..<shape.queryCount {
            for (key, probability) in probabilities(head: head, row: row).enumerated() {
                columns[key] += probability
                distances[shape.queryStart + row - key] += probability
            }
        }
        return (columns, distances)
    }

    /// The `count` best causal key blocks of a row block, ascending: by the product of the blocks' mean queries and
    /// mean keys, of equal ones the earlier first. A block is causal when its first key is not after the last row.
    public func topKeyBlocks(head: Int, rowBlock: Int, blockSize: Int, count: Int) -> [Int] {
        let rows = rowBlock * blockSize..<min((rowBlock + 1) * blockSize, shape.queryCount)
        let meanQuery = mean(rows.map { query(head: head, row: $0).map(Double.init) })
        let last = shape.queryStart + rows.upperBound - 1
        let scores = (0...last / blockSize).map { block in
            let tokens = block * blockSize..<min((block + 1) * blockSize, shape.keyCount)
            let meanKey = mean(tokens.map { key(head: head, $0).map(Double.init) })
            return zip(meanQuery, meanKey).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let order = scores.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        return order.prefix(count).sorted()
    }

    /// A row's query.
    func queryVector(head: Int, row: Int) -> [Double] { queryRows[row * shape.heads + head] }

    /// A key as a head sees it.
    func keyVector(head: Int, _ key: Int) -> [Double] {
        keyRows[key * shape.kvHeads + head / shape.groupSize]
    }

    private func query(head: Int, row: Int) -> ArraySlice<Float> {
        let start = (row * shape.heads + head) * shape.headDimension
        return queries[start..<start + shape.headDimension]
    }

    private func key(head: Int, _ key: Int) -> ArraySlice<Float> {
        let start = (key * shape.kvHeads + head / shape.groupSize) * shape.headDimension
        return keys[start..<start + shape.headDimension]
    }

    private func dot(_ query: ArraySlice<Float>, key: Int, head: Int) -> Double {
        zip(query, self.key(head: head, key)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    func mean(_ vectors: [[Double]]) -> [Double] {
        var sum = [Double](repeating: 0, count: shape.headDimension)
        for vector in vectors {
            for column in sum.indices { sum[column] += vector[column] }
        }
        return sum.map { $0 / Double(vectors.count) }
    }
}
