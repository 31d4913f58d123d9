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

    /// Leaving out tiles that weigh little changes little, and a threshold that nothing is below changes nothing.
    static let skipping: [KernelCheck] = [DType.float32, .bfloat16].flatMap { dtype in
        [(Float(1e-9), 1e-4), (1e-4, 1e-2)].map { threshold, change in
            KernelCheck(
                "attention, tiles below \(threshold) left out", dtype: dtype,
                tolerance: change + (dtype == .float32 ? 0 : 1e-2)
            ) { backend in
                let shape = AttentionShape(
                    heads: 2, kvHeads: 1, headDimension: 64, queryStart: 70, queryCount: 500)
                let inputs = try AttentionInputs(backend, shape: shape, dtype: dtype, seed: 10)
                let output = try backend.makeTensor(
                    [Float](repeating: .nan, count: inputs.queries.count), shape: inputs.queries.shape,
                    dtype: dtype)
                let dense = [AttentionIndex](repeating: .dense, count: shape.heads)
                try backend.attend(
                    queries: inputs.queries, cache: inputs.cache, shape: shape, indexes: dense,
                    scale: inputs.scale, skipBelow: threshold, into: output)
                return Comparison(try backend.read(output), try inputs.referenceAttend(dense))
            }
        }
    }
}
