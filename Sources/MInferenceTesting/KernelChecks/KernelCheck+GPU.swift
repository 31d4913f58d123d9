import CUDABackend
import Compute
import MInference

extension KernelCheck {
    /// What only a GPU has: its memory, its copies, its streams.
    static let gpu: [KernelCheck] = [
        gpu("uploads larger than the ring") {
            try compareCopy(count: 9_000_001, stored: .float32, dtype: .bfloat16, on: $0)
        },
        gpu("a grown layer holds its tokens") { try compareGrownLayer($0) },
        gpu("a product has the same bits twice") { try compareProducts($0) },
        gpu("a restored prefix leads to the same tokens") { try compareRestoredPrefix($0) },
        gpu("copies on a stream of their own") { try compareStreams($0) },
        gpu("memory that runs out and comes back") { try compareExhaustion($0) },
    ]

    private static func gpu(
        _ name: String, _ compare: @escaping @Sendable (CUDABackend) throws -> Comparison
    ) -> KernelCheck {
        KernelCheck("GPU, \(name)", dtype: .bfloat16, tolerance: 0) { backend in
            guard let backend = backend as? CUDABackend else {
                throw ComputeError.unsupported("\(backend.device) is not a GPU")
            }
            return try compare(backend)
        }
    }

    private static func compareGrownLayer(_ backend: CUDABackend) throws -> Comparison {
        let (heads, dimension, count) = (3, 64, 100)
        let layer = try backend.makeKVLayer(
            kvHeads: heads, headDimension: dimension, capacity: count, dtype: .bfloat16)
        let values = (0..<layer.keys.count).map { Float($0 % 255) }
        for tensor in [layer.keys, layer.values] {
            let source = try backend.makeTensor(values, shape: tensor.shape, dtype: .bfloat16)
            try backend.stream.copy(source.address, to: tensor.address, byteCount: tensor.byteCount)
        }
        layer.count = count
        let grown = try backend.grownKVLayer(layer, capacity: 1000)
        let expected = (0..<heads).flatMap { head in
            let first = head * layer.capacity * dimension
            return values[first..<first + count * dimension]
                + [Float](repeating: 0, count: (grown.capacity - count) * dimension)
        }
        return Comparison(
            try backend.read(grown.keys) + backend.read(grown.values), expected + expected)
    }

    private static func compareProducts(_ backend: CUDABackend) throws -> Comparison {
        var random = SplitMix64(seed: 2)
        let numbers = (0..<1000 * 520).map { _ in random.nextNormal() }
        let weight = try backend.makeLinear(
            parts: [HostNumbers(numbers, shape: [1000, 520]).tensor], biases: [nil], inputType: .bfloat16)
        let x = try backend.makeTensor(Array(numbers.prefix(77 * 520)), shape: [77, 520], dtype: .bfloat16)
        let results = try (0..<2).map { _ in
            let y = try backend.makeTensor(shape: [77, 1000], dtype: .float32)
            try backend.linear(x, weight, into: y, accumulating: false)
            return try backend.read(y)
        }
        return Comparison(results[0], results[1])
    }

    private static func compareStreams(_ backend: CUDABackend) throws -> Comparison {
        let values = (0..<1 << 20).map { Float($0) }
        let first = try backend.makeTensor(values, shape: [values.count])
        let second = try backend.makeTensor(shape: first.shape, dtype: .float32)
        let third = try backend.makeTensor(shape: first.shape, dtype: .float32)
        let start = try CUDAEvent(backend.context)
        let end = try CUDAEvent(backend.context)
        try start.record(on: backend.stream)
        try backend.copyStream.wait(for: backend.stream)
        try backend.copyStream.copy(first.address, to: second.address, byteCount: first.byteCount)
        try backend.stream.wait(for: backend.copyStream)
        try backend.stream.copy(second.address, to: third.address, byteCount: first.byteCount)
        try end.record(on: backend.stream)
        guard try end.seconds(since: start) > 0 else { return Comparison([0], [1]) }
        return Comparison(try backend.read(third), values)
    }

    private static func compareExhaustion(_ backend: CUDABackend) throws -> Comparison {
        var live: [Tensor] = []
        var refused = false
        do {
            // More than any GPU has.
            for _ in 0..<64 { live.append(try backend.makeTensor(shape: [16 << 30], dtype: .bfloat16)) }
        } catch ComputeError.outOfMemory { refused = true }
        guard refused else { return Comparison([0], [1]) }
        live = []
        let tensor = try backend.makeTensor([1, 2, 3], shape: [3])
        backend.pool.releaseKept()
        return Comparison(try backend.read(tensor), [1, 2, 3] as [Float])
    }
}
