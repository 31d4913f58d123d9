import Checkpoints
import Compute
import MInference
import MInferenceTesting
import Models
import SparseAttention
import Testing

@Suite("Models on the CPU")
struct CPUModelTests {
    private func logits(_ fixture: ModelFixture, dtype: DType, backend: EngineFixture.NamedBackend) throws
        -> [Float]
    {
        let core = try EngineFixture.core(fixture.directory, dtype: dtype, backend: backend.make())
        var forward = try DenseForward(model: core.model, capacity: fixture.prompt.count)
        let logits = try forward.logits(fixture.prompt)
        return fixture.positions.flatMap { logits[$0] }
    }

    @Test(
        "float32 logits are those of the reference implementation at every instruction set",
        arguments: ModelFixture.allNames + [ModelFixture.bundledName], EngineFixture.cpuBackends)
    func float32(name: String, backend: EngineFixture.NamedBackend) throws {
        let fixture = try ModelFixture(name)
        let comparison = Comparison(
            try logits(fixture, dtype: .float32, backend: backend), fixture.logits.flatMap { $0 })
        #expect(comparison.relativeError < 1e-4, "\(comparison)")
    }

    @Test(
        "bfloat16 logits stay within bfloat16's rounding at every instruction set",
        arguments: ModelFixture.allNames + [ModelFixture.bundledName], EngineFixture.cpuBackends)
    func bfloat16(name: String, backend: EngineFixture.NamedBackend) throws {
        let fixture = try ModelFixture(name)
        let comparison = Comparison(
            try logits(fixture, dtype: .bfloat16, backend: backend), fixture.logits.flatMap { $0 })
        #expect(comparison.relativeError < 2e-2, "\(comparison)")
    }

    @Test(
        "64 greedy tokens are those of the reference implementation at every instruction set",
        arguments: ModelFixture.allNames + [ModelFixture.bundledName], EngineFixture.cpuBackends)
    func greedy(name: String, backend: EngineFixture.NamedBackend) throws {
        let fixture = try ModelFixture(name)
        let core = try EngineFixture.core(fixture.directory, backend: backend.make())
        let outcome = try core.generate(
            GenerationRequest(prompt: fixture.prompt, maxTokens: 64, allowBeyondTrainedLength: true))
        #expect(outcome.tokens == fixture.greedy)
    }

    @Test(
        "sparse prefill with everything selected is dense prefill",
        arguments: ModelFixture.allNames, [EngineFixture.plainBackends[0], EngineFixture.cpuBackends.last!])
    func everything(name: String, backend: EngineFixture.NamedBackend) throws {
        let fixture = try ModelFixture(name)
        func probabilities(_ method: any AttentionMethod) throws -> [Float] {
            try EngineFixture.core(fixture.directory, backend: backend.make()).logProbabilities(
                GenerationRequest(
                    prompt: fixture.prompt, prefill: PrefillParameters(attention: method),
                    allowBeyondTrainedLength: true))
        }
        let all = MInferenceMethod(budget: .fixed(verticals: 1000, slashes: 1000), rules: .never)
        #expect(Comparison(try probabilities(all), try probabilities(DenseMethod())).relativeError < 1e-5)
    }

    @Test(
        "sparse prefill in bfloat16 agrees with the reference backend's",
        arguments: [Estimation.prompt, .chunks(of: 128)], EngineFixture.cpuBackends)
    func sparse(estimation: Estimation, backend: EngineFixture.NamedBackend) throws {
        let cpu = try backend.make()
        let request = GenerationRequest(
            prompt: EngineFixture.prompt(400), prefill: EngineFixture.sparsePrefill(estimation))
        let found = try EngineFixture.tiny(backend: cpu).logProbabilities(request)
        // The reference at the same granularity computes the same keys.
        let reference = ReferenceBackend(geometry: cpu.attentionGeometry)
        let expected = try EngineFixture.tiny(backend: reference).logProbabilities(request)
        #expect(Comparison(found, expected).relativeError < 1e-3)
    }

    @Test(
        "a cache that grows keeps what it holds", arguments: [DType.float32, .bfloat16],
        EngineFixture.cpuBackends)
    func growth(dtype: DType, backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(dtype: dtype, backend: backend.make())
        let conversation = ConversationID()
        let prompt = EngineFixture.prompt(90)
        // Room for the first prompt and a token; then the conversation outgrows it.
        _ = try core.generate(GenerationRequest(prompt: prompt, maxTokens: 1, conversation: conversation))
        let longer = prompt + EngineFixture.prompt(200, seed: 2)
        let grown = try core.generate(
            GenerationRequest(prompt: longer, maxTokens: 20, conversation: conversation))
        #expect(grown.cachedPromptTokens == 90)
        #expect(grown.tokens == (try core.generate(GenerationRequest(prompt: longer, maxTokens: 20))).tokens)
        #expect((core.cache(of: conversation)?.capacity ?? 0) >= 310)
    }
}
