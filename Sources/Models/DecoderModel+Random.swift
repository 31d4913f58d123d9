import Checkpoints
import Compute

extension DecoderModel {
    /// A model of `configuration` whose weights are random numbers of a seed, for measurements.
    ///
    /// Matrices are uniform with a standard deviation of 0.02, norms are 1. Nothing has a structure: such a model's
    /// attention is nearly even over all keys.
    ///
    /// - Throws: `ComputeError` when the device has no room.
    package static func random(
        _ configuration: DecoderConfiguration, backend: any Backend, dtype: DType, seed: UInt64
    ) throws -> DecoderModel {
        try configuration.checkSupport(on: backend)
        let (hidden, widest) = (configuration.hiddenSize, 2 * configuration.intermediateSize)
        let rows = max(configuration.vocabularySize, configuration.queryKeyValueWidth, widest)
        let source = RandomSource(
            matrices: RandomMatrices(largest: rows * hidden, seed: seed),
            norm: 1 - configuration.normWeightOffset)
        return try DecoderLoader(
            source: source, configuration: configuration, backend: backend, dtype: dtype
        ).model { _, _ in }
    }
}

/// Random matrices, and vectors (norms and biases) of one number.
private struct RandomSource: WeightSource {
    let matrices: RandomMatrices
    let norm: Float

    func tensor(_ name: String, shape: [Int]) -> HostTensor {
        shape.count > 1
            ? matrices.matrix(name, shape: shape)
            : matrices.vector(name, count: shape[0], of: name.hasSuffix(".bias") ? 0 : norm)
    }

    func contains(_ name: String) -> Bool { true }
}

/// Random bfloat16 matrices cut from one block of numbers, each from another place.
///
/// One block as large as the largest matrix is enough: generating every weight of 8 billion anew takes longer than the
/// prompt.
private final class RandomMatrices {
    private let block: UnsafeMutableBufferPointer<UInt16>
    private var next = 0
    private var vectors: [UnsafeMutableBufferPointer<Float>] = []

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

    deinit {
        block.deallocate()
        for vector in vectors { vector.deallocate() }
    }

    /// `count` times the same number.
    func vector(_ name: String, count: Int, of value: Float) -> HostTensor {
        let vector = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
        vector.initialize(repeating: value)
        vectors.append(vector)
        return HostTensor(
            name: name, dtype: .float32, shape: [count], bytes: UnsafeRawBufferPointer(vector), owner: self)
    }

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
