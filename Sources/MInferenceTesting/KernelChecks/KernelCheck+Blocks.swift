import Compute
import MInference
import SparseAttention

extension KernelCheck {
    /// What methods choose key blocks from.
    static let blockEstimates: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [(0, 1), (0, 270), (77, 130), (300, 3)].flatMap { start, count in
            checks(start: start, count: count, dtype: dtype)
        }
    }

    private static func checks(start: Int, count: Int, dtype: DType) -> [KernelCheck] {
        let shape = AttentionShape(
            heads: 3, kvHeads: 1, headDimension: 32, queryStart: start, queryCount: count)
        typealias Estimate = @Sendable (any AttentionProbe) throws -> [[Float]]
        let half = count / 2
        var estimates: [(String, Double, Estimate)] = [
            (
                "pooled scores", 1e-5,
                {
                    try $0.pooledScores(
                        head: 1, blockSize: 64, rows: [0..<1, 0..<count, half..<min(half + 64, count)])
                }
            ),
            (
                "sums of a run of rows", 4e-3,
                { probe in
                    let rows = half..<min(half + 64, count)
                    return try probe.rowSums(heads: [0, 2], rows: rows).flatMap {
                        [$0.columns, $0.distances]
                    }
                }
            ),
            ("energies of pooled keys", 2e-2, { try $0.pooledKeyEnergies(head: 2, blockSize: 64) }),
            ("energies of pooled keys, 128", 2e-2, { try $0.pooledKeyEnergies(head: 0, blockSize: 128) }),
        ]
        for (stride, block) in [(16, 128), (8, 64), (64, 128)] {
            estimates.append(
                (
                    "antidiagonal scores \(stride), \(block)", 1e-3,
                    { try $0.antidiagonalScores(head: 1, blockSize: block, stride: stride) }
                ))
        }
        for (window, representatives) in [(40, 4), (1, 1)] {
            let request = MemoryRequest(
                blockSize: 64, chunk: 128, window: window, representatives: representatives)
            estimates.append(
                (
                    "memory relevance \(window), \(representatives)", dtype == .float32 ? 1e-4 : 2e-2,
                    { try $0.memoryRelevance(request) }
                ))
        }
        for kept in [1, 30] {
            // A pair of products that are equal but for rounding may be ranked either way.
            estimates.append(
                (
                    "best keys of each row, \(kept)", 5e-2,
                    { try [[0], bits($0.topKeys(head: 2, count: kept), rows: count)] }
                ))
        }
        return estimates.map { name, tolerance, estimate in
            KernelCheck("\(name), rows \(start)..<\(start + count)", dtype: dtype, tolerance: tolerance) {
                backend in
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 9)
                let (found, expected) = (try estimate(inputs.probe), try estimate(inputs.referenceProbe))
                // A list of another length is an error of 1.
                guard found.map(\.count) == expected.map(\.count) else { return Comparison([1], [0]) }
                return Comparison([1] + found.flatMap { $0 }, [1] + expected.flatMap { $0 })
            }
        }
    }

    /// Whether each row keeps each key, 0 or 1.
    private static func bits(_ mask: MaskIndex, rows: Int) -> [Float] {
        guard case .rows(let words, let keyCount) = mask else { return [] }
        var bits: [Float] = []
        for row in 0..<rows {
            let first = row / 64 * keyCount
            for word in words[first..<first + keyCount] { bits.append(word >> (row % 64) & 1 == 1 ? 1 : 0) }
        }
        return bits
    }

    /// Leaving out tiles that weigh little changes little, and a threshold that nothing is below changes nothing.
    static let skipping: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        func shape(_ dimension: Int, _ start: Int, _ count: Int) -> AttentionShape {
            AttentionShape(
                heads: 2, kvHeads: 1, headDimension: dimension, queryStart: start, queryCount: count)
        }
        let some = [shape(64, 70, 500), shape(128, 0, 300)].flatMap { shape in
            skipped(shape, dtype: dtype, threshold: 1e-9, change: 1e-4)
                + skipped(shape, dtype: dtype, threshold: 1e-4, change: 1e-2)
        }
        return some + [64, 96, 128, 256].map { leavesOut(shape($0, 3, 300), dtype: dtype) }
    }

    private static func skipped(
        _ shape: AttentionShape, dtype: DType, threshold: Float, change: Double
    ) -> [KernelCheck] {
        var random = SplitMix64(seed: 18)
        let indexes: [(String, AttentionIndex)] = [
            ("dense", .dense),
            ("blocks", RandomIndexes.blocks(shape: shape, blockSize: 64, density: 0.6, using: &random)),
            (
                "blocks with means",
                RandomIndexes.correctedBlocks(shape: shape, blockSize: 64, density: 0.4, using: &random)
            ),
            (
                "a window and far blocks",
                RandomIndexes.repositioned(shape: shape, window: 70, density: 0.5, using: &random)
            ),
        ]
        return indexes.map { form, index in
            KernelCheck(
                "attention, \(form) of \(shape.headDimension), tiles below \(threshold) left out",
                dtype: dtype, tolerance: change + (dtype == .float32 ? 0 : 1e-2)
            ) { backend in
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 10)
                let both = [AttentionIndex](repeating: index, count: shape.heads)
                return Comparison(
                    try inputs.attend(both, skipBelow: threshold), try inputs.referenceAttend(both))
            }
        }
    }

    /// A threshold far above every weight leaves each row block its first tiles: something far from dense, but a number.
    private static func leavesOut(_ shape: AttentionShape, dtype: DType) -> KernelCheck {
        KernelCheck("attention, all tiles of \(shape.headDimension) left out", dtype: dtype, tolerance: 0) {
            let inputs = try AttentionInputs($0, shape: shape, dtype: dtype, seed: 19)
            let dense = [AttentionIndex](repeating: .dense, count: shape.heads)
            let found = Comparison(try inputs.attend(dense, skipBelow: 1e9), try inputs.attend(dense))
            return Comparison([found.relativeError > 0.05 && found.relativeError < 100 ? 1.0 : 0], [1.0])
        }
    }
}
