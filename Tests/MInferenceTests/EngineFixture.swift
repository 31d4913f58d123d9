import CPUBackend
import Checkpoints
import Compute
import MInference
import MInferenceTesting
import Models
import SparseAttention
import Testing

/// Engines over the reference backend, and prompts for them.
enum EngineFixture {
    /// A way to make a backend, with a name for test reports.
    struct NamedBackend: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable () throws -> any Backend
    }

    /// The CPU at each of its instruction sets.
    static let cpuBackends = InstructionSet.available.map { level in
        NamedBackend(testDescription: level.description) { try CPUBackend(threads: 2, instructionSet: level) }
    }

    /// The backends whose fp32 caches are plain `[kvHeads, capacity, headDim]`: the reference and the CPU.
    static let plainBackends =
        [NamedBackend(testDescription: "reference") { ReferenceBackend() }] + cpuBackends

    /// An engine for a checkpoint.
    static func core(_ directory: String, dtype: DType = .float32, backend: any Backend = ReferenceBackend())
        throws
        -> EngineCore
    {
        EngineCore(
            model: try DecoderModel.load(
                Checkpoint(directory: directory),
                configuration: DecoderConfiguration(ModelConfiguration(directory: directory)),
                backend: backend,
                dtype: dtype))
    }

    /// An engine for a small random model; `positions` is the longest sequence.
    static func tiny(
        positions: Int = 4096, dtype: DType = .float32, backend: any Backend = ReferenceBackend()
    ) throws
        -> EngineCore
    {
        var options = TinyCheckpoint.Options()
        options.maxPositionEmbeddings = positions
        let checkpoint = try TinyCheckpoint(options)
        return try withExtendedLifetime(checkpoint) {
            try core(checkpoint.directory, dtype: dtype, backend: backend)
        }
    }

    /// `count` random tokens of the small models' vocabulary.
    static func prompt(_ count: Int, seed: UInt64 = 1) -> [Int32] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in Int32.random(in: 4..<128, using: &generator) }
    }

    /// A sparse method that skips keys even of short prompts.
    static let sparse = MInferenceMethod(
        budget: .fixed(verticals: 45, slashes: 110), rules: .never)

    /// Prefill parameters with that method.
    static func sparsePrefill(
        _ estimation: Estimation = .prompt, order: PrefillOrder = .automatic, stepSize: Int? = nil
    ) -> PrefillParameters {
        PrefillParameters(attention: sparse, estimation: estimation, order: order, stepSize: stepSize)
    }
}
