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
    let headDimension: Int
    let length: Int
    let dtype: DType
    let repetitions: Int

    /// One timed kernel or estimator.
    struct Measurement {
        var density: Double
        /// Median over the repetitions.
        var seconds: Double
        /// Median of estimate and selection; nil for the dense row.
        var estimateSeconds: Double?
        /// Floating-point operations over the pairs that were computed.
        var operations: Double
        var operationsPerSecond: Double { operations / seconds }
    }

    /// The dense kernel first, then one row per density.
    func run(densities: [Double], progress: (String) -> Void) throws -> [Measurement] {
        let shape = AttentionShape(
            heads: heads, kvHeads: heads, headDimension: headDimension, queryCount: length)
        var random = SplitMix64(seed: 1)
        let cache = try backend.makeKVLayer(
            kvHeads: heads, headDimension: headDimension, capacity: length, dtype: dtype)
        let queries = try backend.makeTensor(shape: [length, heads * headDimension], dtype: dtype)
        try fill(queries: queries, cache: cache, random: &random)
        cache.count = length
        let scale = 1 / Float(headDimension).squareRoot()

        var results: [Measurement] = []
        for density in [1] + densities {
            progress("n=\(length) d=\(headDimension) density=\(density)")
            let index =
                density >= 1
                ? AttentionIndex.dense : syntheticIndex(density: density, shape: shape, random: &random)
            let indexes = [AttentionIndex](repeating: index, count: heads)
            let seconds = try median {
                try backend.attend(
                    queries: queries, cache: cache, shape: shape, indexes: indexes, scale: scale,
                    into: queries
                )
            }
            let pairs = Double(index.computedPairs(shape: shape, geometry: backend.attentionGeometry))
            var estimate: Double?
            if density < 1 {
                let requests = (0..<heads).map { VerticalSlashRequest(head: $0, budget: .standard) }
                let probe = backend.makeProbe(queries: queries, cache: cache, shape: shape, scale: scale)
                estimate = try median { _ = try probe.verticalSlash(requests) }
            }
            results.append(
                Measurement(
                    density: pairs / Double(shape.causalPairs), seconds: seconds, estimateSeconds: estimate,
                    operations: 4 * pairs * Double(headDimension * heads)))
        }
        return results
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
        let width = 3 * heads * headDimension
        // A rotation by zero radians: keys and values are stored as they come.
        let table = RotaryTable(
            inverseFrequencies: [Double](repeating: 0, count: headDimension / 2), positionCount: length)
        let slice = 4096
        for start in stride(from: 0, to: length, by: slice) {
            let rows = min(slice, length - start)
            let values = (0..<rows * width).map { _ in random.nextSymmetric() * 2 }
            let qkv = try values.withUnsafeBytes { bytes in
                try backend.makeTensor(
                    HostTensor(
                        name: "qkv", dtype: .float32, shape: [rows, width], bytes: bytes, owner: cache),
                    dtype: .float32)
            }
            try backend.rotateAndStore(
                qkv: qkv, start: start, table: table, queries: queries.rows(start..<start + rows),
                cache: cache)
        }
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
