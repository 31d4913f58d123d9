import Compute
import MInference
import SparseAttention

/// Times attention kernels and estimators on random data with a synthetic index of a given density.
///
/// The index has what real vertical-slash heads have: 30 sink columns, 100 local distances, and the rest of the budget
/// half in columns and half in short runs of distances, both denser near the row. It is made from a fixed seed.
struct AttentionBenchmark {
    let backend: any Backend
    let heads: Int
    let kvHeads: Int
    let headDimension: Int
    let length: Int
    let dtype: DType
    let repetitions: Int

    /// What the heads attend.
    enum Case {
        /// Every key.
        case dense
        /// A synthetic vertical-slash index that computes this share of the causal pairs.
        case density(Double)
        /// A synthetic vertical-slash index of this many columns and distances, see `SyntheticIndex`.
        case budget(verticals: Int, slashes: Int)
        /// Random blocks of this many rows and keys, this share of each row's.
        case blocks(size: Int, density: Double)

        /// The text of the table's first column.
        var name: String {
            switch self {
            case .dense: "dense"
            case .density: "slashes"
            case .budget(let verticals, let slashes): "\(verticals),\(slashes)"
            case .blocks(let size, _): "blocks \(size)"
            }
        }
    }

    /// One timed kernel or estimator.
    struct Measurement {
        var name: String
        var density: Double
        /// Median over the repetitions.
        var seconds: Double
        /// Median of estimate and selection; nil for the dense row.
        var estimateSeconds: Double?
        /// Floating-point operations over the pairs that were computed.
        var operations: Double
        /// The same over the 64x64 tiles that the index needs.
        var tileOperations: Double
        var operationsPerSecond: Double { operations / seconds }
        var tileOperationsPerSecond: Double { tileOperations / seconds }
    }

    /// The dense kernel first, then one row per case.
    func run(_ cases: [Case], progress: (String) -> Void) throws -> [Measurement] {
        let shape = AttentionShape(
            heads: heads, kvHeads: kvHeads, headDimension: headDimension, queryCount: length)
        var random = SplitMix64(seed: 1)
        let cache = try backend.makeKVLayer(
            kvHeads: kvHeads, headDimension: headDimension, capacity: length, dtype: dtype)
        let queries = try backend.makeTensor(shape: [length, heads * headDimension], dtype: dtype)
        try fill(queries: queries, cache: cache, random: &random)
        cache.count = length
        let scale = 1 / Float(headDimension).squareRoot()

        var results: [Measurement] = []
        for measured in [Case.dense] + cases {
            progress("n=\(length) d=\(headDimension) \(measured)")
            let indexes = indexes(measured, shape: shape, random: &random)
            let seconds = try median {
                try backend.attend(
                    queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale,
                    into: queries
                )
            }
            let pairs = indexes.reduce(0.0) {
                $0 + Double($1.computedPairs(shape: shape, geometry: backend.attentionGeometry))
            }
            results.append(
                Measurement(
                    name: measured.name, density: pairs / Double(shape.causalPairs * heads), seconds: seconds,
                    estimateSeconds: try estimateSeconds(
                        measured, queries: queries, cache: cache, shape: shape, scale: scale),
                    operations: 4 * pairs * Double(headDimension),
                    tileOperations: 4 * Double(headDimension)
                        * indexes.reduce(0.0) { $0 + Double($1.tilePairs(shape: shape)) }))
        }
        return results
    }

    /// The time of the estimator that finds such indexes; nil where there is none.
    private func estimateSeconds(
        _ measured: Case, queries: Tensor, cache: KVLayer, shape: AttentionShape, scale: Float
    ) throws -> Double? {
        let budget: VerticalSlashBudget
        switch measured {
        case .dense, .blocks: return nil
        case .density: budget = .standard
        case .budget(let verticals, let slashes): budget = .fixed(verticals: verticals, slashes: slashes)
        }
        let requests = (0..<heads).map { VerticalSlashRequest(head: $0, budget: budget) }
        let probe = backend.makeProbe(queries: queries, cache: cache, shape: shape, scale: scale)
        return try median { _ = try probe.verticalSlash(requests) }
    }

    /// One index per head; those of budgets and blocks differ from head to head.
    private func indexes(_ measured: Case, shape: AttentionShape, random: inout SplitMix64)
        -> [AttentionIndex]
    {
        switch measured {
        case .dense: return [AttentionIndex](repeating: .dense, count: heads)
        case .density(let density):
            let index = syntheticIndex(density: density, shape: shape, random: &random)
            return [AttentionIndex](repeating: index, count: heads)
        case .budget(let verticals, let slashes):
            return (0..<heads).map { _ in
                .slashes(
                    SyntheticIndex.slashes(
                        verticals: verticals, slashes: slashes, keyCount: shape.keyCount, using: &random))
            }
        case .blocks(let size, let density):
            return (0..<heads).map { _ in
                .blocks(
                    SyntheticIndex.blocks(blockSize: size, density: density, shape: shape, using: &random))
            }
        }
    }

    private func median(_ body: () throws -> Void) throws -> Double {
        var times: [Double] = []
        for repetition in 0...repetitions {
            let start = ContinuousClock.now
            try body()
            try backend.synchronize()
            // The first one warms caches and pages up.
            if repetition > 0 { times.append((ContinuousClock.now - start).inSeconds) }
        }
        return times.sorted()[times.count / 2]
    }

    private func fill(queries: Tensor, cache: KVLayer, random: inout SplitMix64) throws {
        let width = (heads + 2 * kvHeads) * headDimension
        // A rotation by zero radians: keys and values are stored as they come.
        let table = RotaryTable(
            inverseFrequencies: [Double](repeating: 0, count: headDimension / 2), positionCount: length)
        // The same tokens again and again: nothing here depends on what they are.
        let slice = min(4096, length)
        let values = (0..<slice * width).map { _ in random.nextSymmetric() * 2 }
        let qkv = try values.withUnsafeBytes { bytes in
            try backend.makeTensor(
                HostTensor(
                    name: "qkv", dtype: .float32, shape: [slice, width], bytes: bytes, owner: cache),
                dtype: .float32)
        }
        for start in stride(from: 0, to: length, by: slice) {
            let rows = min(slice, length - start)
            try backend.rotateAndStore(
                qkv: qkv.rows(0..<rows), start: start, table: table,
                queries: queries.rows(start..<start + rows), cache: cache)
        }
        try backend.synchronize()
    }

    /// Adds columns and runs of distances until the index computes the share `density` of the causal pairs.
    private func syntheticIndex(
        density: Double, shape: AttentionShape, random: inout SplitMix64
    ) -> AttentionIndex {
        var distances = Set<Int32>(0..<100)
        var columns = Set<Int32>(0..<30)
        let target = Int(density * Double(shape.causalPairs))
        // Larger steps for larger targets: each step re-counts the whole index.
        let step = max(8, Int(density * Double(length) / 64))
        while true {
            let index = AttentionIndex.slashes(
                SlashIndex(unsortedDistances: distances, unsortedColumns: columns))
            if index.computedPairs(shape: shape, geometry: backend.attentionGeometry) >= target {
                return index
            }
            for _ in 0..<step { columns.insert(Int32(Float(length - 1) * random.nextSquared())) }
            let start = Int32(Float(length - 1) * random.nextSquared())
            for distance in start..<min(Int32(length), start + Int32(step)) { distances.insert(distance) }
        }
    }
}

extension SplitMix64 {
    /// Uniform in [-1, 1).
    fileprivate mutating func nextSymmetric() -> Float { Float(nextUnit()) * 2 - 1 }
    /// The square of a uniform number: small ones are likelier.
    fileprivate mutating func nextSquared() -> Float {
        let unit = Float(nextUnit())
        return unit * unit
    }
}
