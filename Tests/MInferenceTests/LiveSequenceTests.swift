import Compute
import MInference
import MInferenceTesting
import SparseAttention
import Testing

@Suite("Sequences that take turns")
struct LiveSequenceTests {
    private static let prefill = PrefillParameters(
        attention: EngineFixture.sparse, estimation: .chunks(of: 64), order: .chunkMajor, stepSize: 64)

    private func request(
        _ prompt: [Int32], maxTokens: Int = 12, sampling: SamplingSettings = SamplingSettings(),
        endTokens: Set<Int32> = [], prefill: PrefillParameters = LiveSequenceTests.prefill
    ) -> GenerationRequest {
        GenerationRequest(
            prompt: prompt, maxTokens: maxTokens, sampling: sampling, endTokens: endTokens, prefill: prefill)
    }

    /// Runs a sequence's prompt; returns its first tokens.
    private func finishPrompt(_ core: EngineCore, _ id: SequenceID) throws -> [DrawnToken] {
        while true {
            if let tokens = try core.advancePrompt(of: id).firstTokens { return tokens }
        }
    }

    /// All tokens of the answers of some sequences that decode together.
    private func answers(
        _ core: EngineCore, _ first: [SequenceID: [DrawnToken]]
    ) throws -> [SequenceID: [Int: [Int32]]] {
        var result: [SequenceID: [Int: [Int32]]] = [:]
        func take(_ tokens: [DrawnToken], _ id: SequenceID) {
            for drawn in tokens {
                if let token = drawn.token {
                    result[id, default: [:]][drawn.answer, default: []].append(token)
                }
            }
        }
        for (id, tokens) in first { take(tokens, id) }
        var open = Array(first.keys)
        while !open.isEmpty {
            open = try core.decode(open).compactMap { id, tokens in
                let tokens = try tokens.get()
                take(tokens, id)
                return tokens.isEmpty ? nil : id
            }
        }
        return result
    }

    @Test("answers are those of one request at a time", arguments: EngineFixture.plainBackends)
    func sameAsAlone(backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(backend: backend.make())
        let prompts = [
            EngineFixture.prompt(300), EngineFixture.prompt(70, seed: 2), EngineFixture.prompt(5, seed: 3),
        ]
        var opened: [SequenceID: [Int32]] = [:]
        for (number, prompt) in prompts.enumerated() {
            let id = SequenceID(UInt64(number))
            opened[id] = prompt
            try core.open(id, SequenceRequest(request(prompt)))
        }
        // Steps of all prompts come between each other.
        var first: [SequenceID: [DrawnToken]] = [:]
        while first.count < opened.count {
            for id in opened.keys where first[id] == nil {
                first[id] = try core.advancePrompt(of: id).firstTokens
            }
        }
        let results = try answers(core, first)
        for (id, prompt) in opened {
            core.close(id)
            #expect(try core.generate(request(prompt)).tokens == results[id]?[0])
        }
    }

    @Test("a prompt with restored pieces leads to the same tokens", arguments: EngineFixture.plainBackends)
    func restored(backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(backend: backend.make())
        let prompt = EngineFixture.prompt(300)
        let (cold, warm) = (SequenceID(1), SequenceID(2))
        try core.open(cold, SequenceRequest(request(prompt)))
        let coldTokens = try answers(core, [cold: finishPrompt(core, cold)])
        let pieces = try (0..<4).map { number in
            let range = number * 64..<(number + 1) * 64
            return (tokens: range, piece: try #require(try core.piece(of: range, in: cold)))
        }
        core.close(cold)
        // Another prompt with the same beginning.
        let other = Array(prompt[..<256]) + EngineFixture.prompt(20, seed: 9)
        for (next, restoring) in [(prompt, 4), (prompt, 2), (other, 4), (other, 0)] {
            try core.open(warm, SequenceRequest(request(next)))
            #expect(try core.restore(Array(pieces[..<restoring]), to: warm) == restoring * 64)
            let tokens = try answers(core, [warm: finishPrompt(core, warm)])[warm]
            #expect(
                tokens == (next == prompt ? coldTokens[cold] : [0: try core.generate(request(next)).tokens]))
            core.close(warm)
        }
    }

    @Test(
        "runs of the chunk that a prompt ends in serve longer prompts", arguments: EngineFixture.plainBackends
    )
    func restoredTail(backend: EngineFixture.NamedBackend) throws {
        let core = try EngineFixture.tiny(backend: backend.make())
        let method = ComposedMethod(EngineFixture.sparse, options: CommonOptions(lastRowsDense: 64))
        let prefill = PrefillParameters(
            attention: method, estimation: .chunks(of: 256, tail: 64), order: .chunkMajor, stepSize: 256)
        func open(_ prompt: [Int32], _ id: SequenceID) throws {
            try core.open(id, SequenceRequest(request(prompt, prefill: prefill), logProbabilities: 5))
        }
        let prompt = EngineFixture.prompt(500)
        let (first, warm, cold) = (SequenceID(1), SequenceID(2), SequenceID(3))
        try open(prompt, first)
        _ = try finishPrompt(core, first)
        let pieces = try [0..<256, 256..<384, 384..<448].map { range in
            (tokens: range, piece: try #require(try core.piece(of: range, in: first)))
        }
        for (common, added) in [(500, 0), (490, 20), (500, 60)] {
            let next = Array(prompt[..<common]) + EngineFixture.prompt(added, seed: 9)
            try open(next, warm)
            #expect(try core.restore(pieces, to: warm) == 448)
            try open(next, cold)
            // To the bit, logarithms of probabilities included.
            #expect(try finishPrompt(core, warm) == finishPrompt(core, cold))
            core.close(warm)
            core.close(cold)
        }
    }

    @Test("pieces have no place within a chunk, nor over the last row")
    func misplacedPieces() throws {
        let core = try EngineFixture.tiny()
        let prompt = EngineFixture.prompt(128)
        let id = SequenceID(1)
        try core.open(id, SequenceRequest(request(prompt)))
        _ = try finishPrompt(core, id)
        let piece = try #require(try core.piece(of: 0..<64, in: id))
        let last = try #require(try core.piece(of: 64..<128, in: id))
        #expect(try core.piece(of: 64..<192, in: id) == nil)
        core.close(id)
        try core.open(id, SequenceRequest(request(prompt)))
        #expect(try core.restore([(0..<64, piece), (64..<128, last)], to: id) == 64)
        _ = try core.advancePrompt(of: id)
        #expect(!core.canRestore(id))
        #expect(try core.restore([(64..<128, last)], to: id) == 64)
        core.close(id)
        #expect(try core.restore([(0..<64, piece)], to: id) == 0)
    }

    @Test("several answers to a prompt have seeds that count up")
    func severalAnswers() throws {
        let core = try EngineFixture.tiny()
        let prompt = EngineFixture.prompt(70)
        let id = SequenceID(1)
        let sampling = SamplingSettings(temperature: 1, seed: 5)
        try core.open(id, SequenceRequest(request(prompt, sampling: sampling), answers: 3))
        let tokens = try answers(core, [id: finishPrompt(core, id)])[id]
        for number in 0..<3 {
            let alone = request(prompt, sampling: SamplingSettings(temperature: 1, seed: 5 + UInt64(number)))
            #expect(try core.generate(alone).tokens == tokens?[number])
        }
        #expect(Set(tokens.map { Array($0.values) } ?? []).count == 3)
    }

    @Test("logarithms of probabilities are the model's, the likeliest first")
    func logProbabilities() throws {
        let core = try EngineFixture.tiny()
        let prompt = EngineFixture.prompt(40)
        let id = SequenceID(1)
        let dense = PrefillParameters(attention: DenseMethod())
        try core.open(
            id, SequenceRequest(request(prompt, maxTokens: 4, prefill: dense), logProbabilities: 3))
        var drawn = try finishPrompt(core, id)
        for _ in 0..<3 { drawn += try core.decode([id])[0].tokens.get() }
        let tokens = drawn.compactMap(\.token)
        let expected = try core.logProbabilities(request(prompt + tokens, prefill: dense)).suffix(4)
        for (drawn, expected) in zip(drawn, expected) {
            let own = try #require(drawn.logProbability)
            #expect(abs(own - expected) < 1e-3)
            #expect(drawn.likeliest.count == 3 && drawn.likeliest[0].token == drawn.token)
            #expect(
                drawn.likeliest.map(\.logProbability) == drawn.likeliest.map(\.logProbability).sorted(by: >))
        }
        #expect(drawn.last?.end == .length)
    }

    @Test("an answer ends with its end token, which is not part of it")
    func endToken() throws {
        let core = try EngineFixture.tiny()
        let prompt = EngineFixture.prompt(40)
        let tokens = try core.generate(request(prompt)).tokens
        let id = SequenceID(1)
        let end = tokens[4]
        let before = tokens.firstIndex(of: end) ?? 0
        try core.open(id, SequenceRequest(request(prompt, endTokens: [end])))
        #expect(try answers(core, [id: finishPrompt(core, id)])[id]?[0] ?? [] == Array(tokens[..<before]))
    }

    @Test("a raised flag ends the prompt, and the sequence can be closed")
    func cancellation() throws {
        let core = try EngineFixture.tiny()
        let id = SequenceID(1)
        let flag = CancellationFlag()
        var cancelled = request(EngineFixture.prompt(300))
        cancelled.cancellation = flag
        try core.open(id, SequenceRequest(cancelled))
        _ = try core.advancePrompt(of: id)
        flag.cancel()
        #expect(throws: ComputeError.cancelled) { _ = try core.advancePrompt(of: id) }
        core.close(id)
        #expect(throws: ComputeError.cancelled) { _ = try core.advancePrompt(of: id) }
    }
}
