import Checkpoints
import Compute

extension LlamaModel {
    /// A model of `configuration` whose weights are random numbers of a seed, for measurements.
    ///
    /// Matrices are uniform with a standard deviation of 0.02, norms are 1. Nothing has a structure: such a model's
    /// attention is nearly even over all keys.
    ///
    /// - Throws: `ComputeError` when the device has no room.
    package static func random(
        _ configuration: LlamaConfiguration, backend: any Backend, dtype: DType, seed: UInt64
    ) throws -> LlamaModel {
        let (vocabulary, hidden) = (configuration.vocabularySize, configuration.hiddenSize)
        let numbers = RandomMatrices(
            largest: max(vocabulary * hidden, configuration.intermediateSize * hidden), seed: seed)
        func linear(_ parameters: [LlamaParameter]) throws -> any LinearWeight {
            try backend.makeLinear(
                parts: parameters.map { numbers.matrix($0.name, shape: $0.shape) },
                biases: parameters.map { _ in nil }, inputType: dtype)
        }
        let ones = [Float](repeating: 1, count: hidden)
        func norm() throws -> Tensor {
            try ones.withUnsafeBytes {
                try backend.makeTensor(
                    HostTensor(name: "norm", dtype: .float32, shape: [hidden], bytes: $0, owner: numbers),
                    dtype: .float32)
            }
        }
        let embedding = try backend.makeTensor(
            numbers.matrix("embedding", shape: [vocabulary, hidden]), dtype: .bfloat16)
        let layers = try (0..<configuration.hiddenLayers).map { index in
            let parameters = LlamaLayerParameters(layer: index, configuration: configuration)
            return LlamaLayer(
                inputNorm: try norm(), queryKeyValue: try linear(parameters.queryKeyValue),
                output: try linear(parameters.output), postAttentionNorm: try norm(),
                gateUp: try linear(parameters.gateUp), down: try linear(parameters.down))
        }
        return LlamaModel(
            configuration: configuration, backend: backend, dtype: dtype, embedding: embedding,
            layers: layers, finalNorm: try norm(),
            head: try linear([LlamaParameter(name: "head", shape: [vocabulary, hidden])]))
    }
}

/// Random bfloat16 matrices cut from one block of numbers, each from another place.
///
/// One block as large as the largest matrix is enough: generating every weight of 8 billion anew takes longer than the
/// prompt.
private final class RandomMatrices {
    private let block: UnsafeMutableBufferPointer<UInt16>
    private var next = 0

    /// A block of `largest` numbers.
    init(largest: Int, seed: UInt64) {
        block = .allocate(capacity: (largest + 3) / 4 * 4)
        // 16 random bits as a number in -1 ..< 1, times the square root of 3 times the deviation, cut to bfloat16.
        let table = (0..<1 << 16).map { bits in
            UInt16((Float(Int16(truncatingIfNeeded: bits)) / 32768 * 0.034641).bitPattern >> 16)
        }
        var state = seed
        table.withUnsafeBufferPointer { table in
            for place in stride(from: 0, to: block.count, by: 4) {
                // SplitMix64, as elsewhere; this module does not see that type.
                state &+= 0x9E37_79B9_7F4A_7C15
                var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
                mixed ^= mixed >> 31
                for lane in 0..<4 {
                    block[place + lane] = table[Int(mixed >> UInt64(16 * lane) & 0xFFFF)]
                }
            }
        }
    }

    deinit { block.deallocate() }

    /// A matrix of numbers, where the one before ended.
    func matrix(_ name: String, shape: [Int]) -> HostTensor {
        let count = shape.reduce(1, *)
        if next + count > block.count { next = (next + count) % max(block.count - count + 1, 1) / 32 * 32 }
        defer { next += count }
        return HostTensor(
            name: name, dtype: .bfloat16, shape: shape,
            bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: block[next..<next + count])),
            owner: self)
    }
}
