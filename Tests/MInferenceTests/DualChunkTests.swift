import Compute
import MInference
import MInferenceTesting
import SparseAttention
import Testing

/// The engine's ways through a model with dual-chunk attention, beside those of all fixtures.
@Suite("Dual-chunk attention")
struct DualChunkTests {
    private static let fixture = Result { try ModelFixture("qwen2-dual-chunk") }

    private func core(_ backend: EngineFixture.NamedBackend) throws -> EngineCore {
        try EngineFixture.core(Self.fixture.get().directory, backend: backend.make())
    }

    @Test("both orders and cuts of a prompt give the same", arguments: EngineFixture.plainBackends)
    func orders(backend: EngineFixture.NamedBackend) throws {
        let prompt = try Self.fixture.get().prompt
        func probabilities(_ order: PrefillOrder, step: Int? = nil) throws -> [Float] {
            try core(backend).logProbabilities(
                GenerationRequest(
                    prompt: prompt,
                    prefill: PrefillParameters(attention: DenseMethod(), order: order, stepSize: step)))
        }
        let whole = try probabilities(.layerMajor)
        for step in [24, 37, 64] {
            let cut = try probabilities(.chunkMajor, step: step)
            #expect(Comparison(cut, whole).relativeError < 1e-5, "\(step)")
        }
    }

    @Test("decoding from 8-bit keys and values sees them from the same places")
    func compressed() throws {
        let prompt = try Self.fixture.get().prompt
        func logits(_ precision: KVPrecision) throws -> [[Float]] {
            var prefill = PrefillParameters(attention: DenseMethod(), recallRows: 0)
            prefill.kvPrecision = precision
            return try core(EngineFixture.cpuBackends[0]).logits(
                of: GenerationRequest(prompt: Array(prompt.prefix(101)), maxTokens: 49, prefill: prefill),
                continuing: Array(prompt.dropFirst(101)))
        }
        let comparison = LogitsComparison(try logits(.int8), right: try logits(.native))
        #expect(comparison.relativeError < 0.05, "\(comparison)")
    }

    @Test("a method with keys elsewhere is refused, as are chunks of estimation beyond the trained length")
    func refusals() throws {
        let prompt = try Self.fixture.get().prompt
        func run(_ prompt: [Int32], _ prefill: PrefillParameters) throws {
            _ = try core(EngineFixture.cpuBackends[0]).generate(
                GenerationRequest(prompt: prompt, maxTokens: 1, prefill: prefill))
        }
        let chunks = PrefillParameters(attention: DenseMethod(), estimation: .chunks(of: 32))
        let error = #expect(throws: GenerateError.self) { try run(prompt, chunks) }
        #expect(error?.description.contains("estimation") == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("64 tokens") == true)
        try run(Array(prompt.prefix(64)), chunks)
        var far = InfLLMMethod()
        (far.sinks, far.window, far.blocks, far.blockSize, far.chunk) = (64, 32, 1, 64, 64)
        let other = #expect(throws: ComputeError.self) { try run(prompt, PrefillParameters(attention: far)) }
        #expect("\(other.map { "\($0)" } ?? "")".contains("dual-chunk"))
    }
}
