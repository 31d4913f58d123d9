import Compute
import MInference
import MInferenceTesting
import Models
import SparseAttention
import Testing

@Suite("Generation by the engine")
struct EngineGenerationTests {
    @Test("a sequence that outgrows LongRoPE's original length is read anew with the long factors")
    func longRope() throws {
        let fixture = try ModelFixture("phi3-short")
        let core = try EngineFixture.core(fixture.directory)
        let count = fixture.greedyAcross.count
        #expect(fixture.prompt.count + count > 128)
        let conversation = ConversationID()
        let request = GenerationRequest(
            prompt: fixture.prompt, maxTokens: count, conversation: conversation)
        #expect(try core.generate(request).tokens == fixture.greedyAcross)
        // The same again: the cache now holds keys of the longer kind.
        #expect(try core.generate(request).tokens == fixture.greedyAcross)
    }

    @Test("64 greedy tokens are those of the reference implementation", arguments: ModelFixture.allNames)
    func greedy(name: String) throws {
        let fixture = try ModelFixture(name)
        let core = try EngineFixture.core(fixture.directory)
        let outcome = try core.generate(
            GenerationRequest(prompt: fixture.prompt, maxTokens: 64, allowBeyondTrainedLength: true))
        #expect(outcome.tokens == fixture.greedy)
        #expect(outcome.stopReason == .length)
    }

    @Test("a conversation goes on from its cache as if it had none")
    func conversation() throws {
        let core = try EngineFixture.tiny()
        let conversation = ConversationID()
        let dense = PrefillParameters(attention: DenseMethod())
        var prompt = EngineFixture.prompt(20)
        for turn in 0..<4 {
            let request = GenerationRequest(prompt: prompt, maxTokens: 30, prefill: dense)
            var continued = request
            continued.conversation = conversation
            let outcome = try core.generate(continued)
            #expect(outcome.tokens == (try core.generate(request)).tokens)
            // The last generated token was never run, so it is not in the cache.
            #expect(outcome.cachedPromptTokens == (turn == 0 ? 0 : prompt.count - 6))
            prompt += outcome.tokens + EngineFixture.prompt(5, seed: UInt64(turn + 2))
        }
    }

    @Test("a prompt that leaves the conversation's path truncates the cache")
    func divergence() throws {
        let core = try EngineFixture.tiny()
        let conversation = ConversationID()
        let first = EngineFixture.prompt(50)
        var second = first
        second[30] = first[30] == 5 ? 6 : 5
        _ = try core.generate(GenerationRequest(prompt: first, maxTokens: 10, conversation: conversation))
        let outcome = try core.generate(
            GenerationRequest(prompt: second, maxTokens: 10, conversation: conversation))
        #expect(outcome.cachedPromptTokens == 30)
        #expect(
            outcome.tokens == (try core.generate(GenerationRequest(prompt: second, maxTokens: 10))).tokens)
        // The same prompt again still runs one token, for its logits.
        let again = try core.generate(
            GenerationRequest(prompt: second, maxTokens: 10, conversation: conversation))
        #expect(again.cachedPromptTokens == 49)
        #expect(again.tokens == outcome.tokens)
    }

    @Test("an end token ends the answer and is not part of it")
    func endToken() throws {
        let core = try EngineFixture.tiny()
        let prompt = EngineFixture.prompt(20)
        let free = try core.generate(GenerationRequest(prompt: prompt, maxTokens: 20)).tokens
        let end = free[7]
        let outcome = try core.generate(GenerationRequest(prompt: prompt, maxTokens: 20, endTokens: [end]))
        #expect(outcome.tokens == Array(free.prefix { $0 != end }))
        #expect(outcome.stopReason == .stop)
    }

    @Test("the listener can end the answer after any token")
    func listenerStops() throws {
        let core = try EngineFixture.tiny()
        var heard: [Int32] = []
        let outcome = try core.generate(GenerationRequest(prompt: EngineFixture.prompt(9), maxTokens: 20)) {
            token in
            heard.append(token)
            return heard.count < 3
        }
        #expect(outcome.tokens == heard)
        #expect(heard.count == 3)
        #expect(outcome.stopReason == .stop)
    }

    @Test("without a limit an answer ends where the model's positions do")
    func positionsEnd() throws {
        let core = try EngineFixture.tiny(positions: 64)
        let outcome = try core.generate(GenerationRequest(prompt: EngineFixture.prompt(50)))
        #expect(outcome.tokens.count == 14)
        #expect(outcome.stopReason == .length)
        let full = try core.generate(GenerationRequest(prompt: EngineFixture.prompt(64)))
        #expect(full.tokens.count == 1)
    }

    @Test("prompts that cannot be run are refused with their numbers")
    func refusals() throws {
        let core = try EngineFixture.tiny(positions: 64)
        #expect(throws: GenerateError.emptyPrompt) { try core.generate(GenerationRequest(prompt: [])) }
        #expect(throws: GenerateError.tokenOutOfVocabulary(token: 128, position: 2, vocabularySize: 128)) {
            try core.generate(GenerationRequest(prompt: [5, 6, 128]))
        }
        #expect(throws: GenerateError.tokenOutOfVocabulary(token: -1, position: 0, vocabularySize: 128)) {
            try core.generate(GenerationRequest(prompt: [-1]))
        }
        #expect(throws: GenerateError.promptTooLong(promptTokens: 65, maxTokens: nil, positions: 64)) {
            try core.generate(GenerationRequest(prompt: EngineFixture.prompt(65)))
        }
        #expect(throws: GenerateError.promptTooLong(promptTokens: 60, maxTokens: 5, positions: 64)) {
            try core.generate(GenerationRequest(prompt: EngineFixture.prompt(60), maxTokens: 5))
        }
        let beyond = try core.generate(
            GenerationRequest(prompt: EngineFixture.prompt(70), maxTokens: 5, allowBeyondTrainedLength: true))
        #expect(beyond.tokens.count == 5)
    }

    @Test("cancelled during the prompt: no tokens, and the conversation can go on")
    func cancelPrefill() throws {
        let core = try EngineFixture.tiny()
        let conversation = ConversationID()
        let prompt = EngineFixture.prompt(200)
        let flag = CancellationFlag()
        var prefill = EngineFixture.sparsePrefill(.chunks(of: 64), order: .chunkMajor)
        prefill.progress = { if $0.completed >= 192 { flag.cancel() } }
        var request = GenerationRequest(
            prompt: prompt, maxTokens: 8, prefill: prefill, conversation: conversation, cancellation: flag)
        let cancelled = try core.generate(request)
        #expect(cancelled.stopReason == .cancelled)
        #expect(cancelled.tokens.isEmpty)
        request.cancellation = CancellationFlag()
        request.prefill.progress = nil
        let outcome = try core.generate(request)
        // 192 token-layers are both layers of the first chunk and one of the second.
        #expect(outcome.cachedPromptTokens == 64)
        request.conversation = nil
        #expect(outcome.tokens == (try core.generate(request)).tokens)
    }

    @Test("cancelled during the answer: what was generated comes back")
    func cancelDecode() throws {
        let core = try EngineFixture.tiny()
        let flag = CancellationFlag()
        let request = GenerationRequest(prompt: EngineFixture.prompt(20), maxTokens: 50, cancellation: flag)
        var heard = 0
        let outcome = try core.generate(request) { _ in
            heard += 1
            if heard == 5 { flag.cancel() }
            return true
        }
        #expect(outcome.stopReason == .cancelled)
        #expect(outcome.tokens.count == 5)
    }

    @Test("the report and the times cover the prompt")
    func report() throws {
        let core = try EngineFixture.tiny()
        let outcome = try core.generate(
            GenerationRequest(
                prompt: EngineFixture.prompt(300), maxTokens: 2, prefill: EngineFixture.sparsePrefill()))
        let report = try #require(outcome.report)
        #expect(report.layers.count == 2)
        #expect(report.density > 0.1 && report.density < 0.9)
        let recall = try #require(report.recall)
        #expect(recall.mean > 0 && recall.mean < 1)
        #expect(report.denseHeads == 0)
        #expect(abs(report.estimateSeconds - outcome.phases.estimate) < 1e-9)
        #expect(abs(report.attendSeconds - outcome.phases.attend) < 1e-9)
        #expect(outcome.phases.linear > 0 && outcome.phases.other > 0)
        #expect(outcome.phases.total <= outcome.timeToFirstToken)
    }

    @Test("a floor on recall is kept")
    func recallFloor() throws {
        let core = try EngineFixture.tiny()
        var prefill = EngineFixture.sparsePrefill()
        prefill.minRecall = 0.9
        let outcome = try core.generate(
            GenerationRequest(prompt: EngineFixture.prompt(300), maxTokens: 2, prefill: prefill))
        let heads = try #require(outcome.report).layers.flatMap(\.heads)
        #expect(heads.allSatisfy { ($0.recall?.mean ?? 0) >= 0.9 })
    }
}
