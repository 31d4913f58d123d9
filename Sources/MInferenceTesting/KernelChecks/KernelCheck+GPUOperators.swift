import Compute
import MInference

extension KernelCheck {
    /// Operators on bf16 activations, which only GPUs take.
    static let gpuOperators: [KernelCheck] =
        [(3, 40), (65, 1024), (2, 14336)].map { rows, width in
            KernelCheck("gate of bf16, \(rows) rows of \(width)", dtype: .bfloat16, tolerance: 1e-2) {
                backend in
                let reference = ReferenceBackend()
                var random = SplitMix64(seed: 41)
                let values = (0..<rows * 2 * width).map { _ in 3 * random.nextNormal() }
                func run(_ backend: any Backend) throws -> [Float] {
                    let output = try poisoned(backend, shape: [rows, width], dtype: .bfloat16)
                    try backend.siluGate(
                        try backend.makeTensor(values, shape: [rows, 2 * width], dtype: .bfloat16),
                        into: output)
                    return try backend.read(output)
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
        + [(1, 0), (37, 500)].map { tokens, start in
            let title = "rotation of bf16, rows \(start)..<\(start + tokens)"
            return KernelCheck(title, dtype: .bfloat16, tolerance: 1e-2) { backend in
                let reference = ReferenceBackend()
                var random = SplitMix64(seed: 42)
                let values = (0..<tokens * 8 * 64).map { _ in random.nextNormal() }
                let table = RotaryTable(
                    inverseFrequencies: (0..<32).map { 1 / Double(1 + $0 * $0) },
                    positionCount: start + tokens)
                func run(_ backend: any Backend) throws -> [Float] {
                    let cache = try backend.makeKVLayer(
                        kvHeads: 2, headDimension: 64, capacity: start + tokens, dtype: .bfloat16)
                    let queries = try poisoned(backend, shape: [tokens, 4 * 64], dtype: .bfloat16)
                    try backend.rotateAndStore(
                        qkv: try backend.makeTensor(values, shape: [tokens, 8 * 64], dtype: .bfloat16),
                        start: start, table: table, queries: queries, cache: cache)
                    // Both keep plain [kvHeads, capacity, headDim].
                    return try [queries, cache.keys, cache.values].flatMap { tensor -> [Float] in
                        let numbers = try backend.read(tensor)
                        guard tensor.shape.count == 3 else { return numbers }
                        return (0..<2).flatMap { head in
                            let first = (head * cache.capacity + start) * 64
                            return numbers[first..<first + tokens * 64]
                        }
                    }
                }
                return Comparison(try run(backend), try run(reference))
            }
        }
}
