import Compute
import MInference
import MInferenceTesting
import Models
import SparseAttention
import Testing

@Suite("Prefill orders and chunks")
struct PrefillOrderTests {
    private let prompt = EngineFixture.prompt(300)

    /// What a conversation's cache holds after prompts of the given lengths, one after the other.
    private func state(
        of core: EngineCore, prefill: PrefillParameters, turns: [Int], cacheOnly count: Int? = nil
    ) throws -> [[Float]] {
        let conversation = ConversationID()
        for turn in turns {
            _ = try core.generate(
                GenerationRequest(
                    prompt: Array(prompt[..<turn]), maxTokens: 1, prefill: prefill, conversation: conversation
                ))
        }
        return try core.keysAndValues(of: conversation, first: count ?? prompt.count)
    }

    @Test(
        "both orders leave the same keys and values to the bit", arguments: [64, 100, 128, 512],
        EngineFixture.plainBackends)
    func ordersAgree(chunk: Int, backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(backend: backend.make())
        let layerMajor = try state(
            of: core, prefill: EngineFixture.sparsePrefill(.chunks(of: chunk), order: .layerMajor),
            turns: [300])
        let chunkMajor = try state(
            of: core, prefill: EngineFixture.sparsePrefill(.chunks(of: chunk), order: .chunkMajor),
            turns: [300])
        let largerSteps = try state(
            of: core,
            prefill: EngineFixture.sparsePrefill(.chunks(of: chunk), order: .chunkMajor, stepSize: 2 * chunk),
            turns: [300])
        #expect(layerMajor == chunkMajor)
        #expect(layerMajor == largerSteps)
    }

    @Test(
        "a prefix from the cache, cut on the grid, changes no key or value", arguments: orders,
        EngineFixture.plainBackends)
    func cachedPrefix(order: PrefillOrder, backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(backend: backend.make())
        let prefill = EngineFixture.sparsePrefill(.chunks(of: 64), order: order)
        let atOnce = try state(of: core, prefill: prefill, turns: [300])
        #expect(try state(of: core, prefill: prefill, turns: [128, 300]) == atOnce)
        #expect(try state(of: core, prefill: prefill, turns: [64, 192, 256, 300]) == atOnce)
    }

    static let orders: [PrefillOrder] = [.layerMajor, .chunkMajor]

    @Test("keys and values of full chunks do not depend on what follows")
    func prefixOnly() throws {
        let core = try EngineFixture.tiny()
        let chunks = EngineFixture.sparsePrefill(.chunks(of: 64))
        #expect(
            try state(of: core, prefill: chunks, turns: [200], cacheOnly: 192)
                == state(of: core, prefill: chunks, turns: [300], cacheOnly: 192))
        // The counter-check: an estimate from the whole prompt does depend on it.
        let whole = EngineFixture.sparsePrefill(.prompt)
        #expect(
            try state(of: core, prefill: whole, turns: [200], cacheOnly: 192)
                != state(of: core, prefill: whole, turns: [300], cacheOnly: 192))
    }

    @Test("dense attention in chunks is dense attention at once", arguments: [1, 7, 64, 299])
    func denseChunks(step: Int) throws {
        let core = try EngineFixture.tiny()
        func logProbabilities(_ prefill: PrefillParameters) throws -> [Float] {
            try core.logProbabilities(GenerationRequest(prompt: prompt, prefill: prefill))
        }
        let atOnce = try logProbabilities(PrefillParameters(attention: DenseMethod()))
        let chunked = try logProbabilities(
            PrefillParameters(attention: DenseMethod(), order: .chunkMajor, stepSize: step))
        #expect(atOnce.count == prompt.count - 1)
        #expect(Comparison(chunked, atOnce).relativeError < 1e-6)
    }

    @Test("an estimate of the whole prompt cannot be had chunk by chunk")
    func contradiction() throws {
        let core = try EngineFixture.tiny()
        let request = GenerationRequest(
            prompt: prompt, prefill: EngineFixture.sparsePrefill(.prompt, order: .chunkMajor))
        #expect(throws: GenerateError.self) { try core.generate(request) }
        let steps = GenerationRequest(
            prompt: prompt,
            prefill: EngineFixture.sparsePrefill(.chunks(of: 64), order: .chunkMajor, stepSize: 65))
        #expect(throws: GenerateError.self) { try core.generate(steps) }
    }

    @Test("progress goes from nothing to everything", arguments: orders)
    func progress(order: PrefillOrder) throws {
        let core = try EngineFixture.tiny()
        let log = ValueLog<PrefillProgress>()
        var prefill = EngineFixture.sparsePrefill(.chunks(of: 128), order: order)
        prefill.progress = { log.append($0) }
        _ = try core.generate(GenerationRequest(prompt: prompt, maxTokens: 1, prefill: prefill))
        let steps = log.values
        #expect(steps.first?.completed == 0)
        #expect(steps.last?.fraction == 1)
        #expect(steps.allSatisfy { $0.total == 600 && $0.tokens == 300 })
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.completed < $1.completed })
    }

    @Test("patterns of another model are an error that names both sizes")
    func foreignPatterns() throws {
        let core = try EngineFixture.tiny()
        let patterns = HeadPatterns(repeating: .dense, layers: 3, heads: 4)
        let request = GenerationRequest(
            prompt: prompt, prefill: PrefillParameters(attention: MInferenceMethod(patterns: patterns)))
        #expect(throws: PatternsError.layerCount(found: 3, expected: 2)) { try core.generate(request) }
    }
}
