import Checkpoints
import Compute
import Models
import SparseAttention

/// A model with the caches of its conversations; everything is synchronous and stays on one thread.
package final class EngineCore {
    /// The model.
    package let model: DecoderModel
    private var caches: [ConversationID: KVCache] = [:]
    /// The sequences that are at work in turns.
    let sequences = LiveSequences()

    /// An engine for `model` without conversations.
    package init(model: DecoderModel) { self.model = model }

    /// Frees the cache of a conversation that nobody continues.
    package func forget(_ conversation: ConversationID) { caches[conversation] = nil }

    /// The cache of a conversation, if it has one yet.
    package func cache(of conversation: ConversationID) -> KVCache? { caches[conversation] }

    // MARK: Generation

    /// Continues `request.prompt` token by token.
    ///
    /// - Parameters:
    ///   - start: when the request came; times count from here.
    ///   - onToken: told every token of the answer; returns whether to go on. Tokens that end the answer are not told
    ///     and not part of the result.
    /// - Throws: `GenerateError` for a request that cannot be met, `ConstraintError` for a format that cannot be kept,
    ///   `ComputeError` when the device fails. Cancellation
    ///   is no error: what was generated comes back with `stopReason` `.cancelled`.
    package func generate(
        _ request: GenerationRequest, since start: ContinuousClock.Instant = .now,
        onToken: (Int32) throws -> Bool = { _ in true }
    ) throws -> GenerationOutcome {
        let limit = try request.tokenLimit(of: model.configuration)
        let backend = model.backend
        backend.cancellation = request.cancellation
        defer { backend.cancellation = nil }
        var outcome = GenerationOutcome(promptTokens: request.prompt.count)
        do {
            let (cache, plan) = try prepareCache(for: request, limit: limit)
            outcome.cachedPromptTokens = cache.tokens.count
            outcome.memoryPlan = plan
            let logits = try prefill(request, cache: cache, plan: plan, outcome: &outcome)
            outcome.timeToFirstToken = PhaseTimer.seconds(since: start)
            let decodeStart = ContinuousClock.now
            defer { outcome.decodeSeconds = PhaseTimer.seconds(since: decodeStart) }
            try decode(
                request, limit: limit, cache: cache, prefillLogits: logits, outcome: &outcome,
                onToken: onToken)
        } catch ComputeError.cancelled {
            outcome.stopReason = .cancelled
        }
        outcome.deviceMemoryBytes = backend.peakMemoryBytes
        return outcome
    }

    private func decode(
        _ request: GenerationRequest, limit: Int, cache: KVCache, prefillLogits: [Float],
        outcome: inout GenerationOutcome, onToken: (Int32) throws -> Bool
    ) throws {
        var sampler = TokenSampler(
            request.sampling, prompt: request.prompt, constraint: request.constraint)
        var next = try sampler.sample(prefillLogits)
        let decoder = try Decoder(model: model)
        while true {
            guard let token = next else {
                throw GenerateError.invalidLogits(position: cache.tokens.count)
            }
            outcome.stopReason = .stop
            if request.endTokens.contains(token) { return }
            outcome.tokens.append(token)
            guard try onToken(token), !sampler.isComplete else { return }
            outcome.stopReason = .length
            if outcome.tokens.count >= limit { return }
            if request.cancellation.isCancelled { throw ComputeError.cancelled }
            try reserve(cache.tokens.count + 1, in: cache, request: request)
            let length = cache.tokens.count + 1
            if !cache.isCompressed, model.invalidatesKeys(from: length - 1, to: length) {
                next = try sampler.sample(readAgain(request, followedBy: token, cache: cache))
                continue
            }
            let logits = try decoder.step(token, cache: cache, rotary: model.rotaryTable(length: length))
            next =
                sampler.takesLikeliest
                ? try model.backend.likeliest(logits)[0] : try sampler.sample(model.backend.read(logits))
        }
    }

    /// Fills the cache anew with its own tokens and one more; returns the logits that follow.
    private func readAgain(
        _ request: GenerationRequest, followedBy token: Int32, cache: KVCache
    ) throws -> [Float] {
        var again = request
        again.prompt = cache.tokens + [token]
        again.prefill.progress = nil
        cache.truncate(to: 0)
        let plan = try memoryPlan(again, answerTokens: 0, cache: cache)
        var outcome = GenerationOutcome(promptTokens: again.prompt.count)
        return try prefill(again, cache: cache, plan: plan, outcome: &outcome)
    }

    /// The natural logarithms of the probabilities that the model gives each token of `request.prompt` but the first.
    package func logProbabilities(_ request: GenerationRequest) throws -> [Float] {
        _ = try request.tokenLimit(of: model.configuration)
        model.backend.cancellation = request.cancellation
        defer { model.backend.cancellation = nil }
        var request = request
        // Logits of all rows come from one prefill; nothing is decoded after it.
        request.prefill.kvPrecision = .native
        let plan = try memoryPlan(request, answerTokens: 0, cache: nil)
        let cache = try KVCache(model: model, plan: plan)
        var outcome = GenerationOutcome(promptTokens: request.prompt.count)
        var result: [Float] = []
        let width = model.configuration.vocabularySize
        let output = Prefill.Output.allLogits { logits, start in
            for row in 0..<logits.count / width where start + row + 1 < request.prompt.count {
                let next = Int(request.prompt[start + row + 1])
                result.append(logProbability(of: next, in: logits[row * width..<(row + 1) * width]))
            }
        }
        _ = try prefill(request, cache: cache, plan: plan, output: output, outcome: &outcome)
        return result
    }

    // MARK: Steps

    /// The cache that a request goes on from, with room for it, and how the rest of its prompt fits.
    private func prepareCache(for request: GenerationRequest, limit: Int) throws -> (KVCache, MemoryPlan) {
        let answer = request.maxTokens == nil ? min(limit, 256) : limit
        if let conversation = request.conversation, let cache = caches[conversation] {
            if !cache.isCompressed, !request.prefill.kvPrecision.insistsOnCompression {
                // At least one token is run again, for its logits.
                let cached = min(cache.commonPrefix(with: request.prompt), request.prompt.count - 1)
                let isStale = model.invalidatesKeys(from: cache.tokens.count, to: request.prompt.count)
                cache.truncate(to: isStale ? 0 : cached)
                do {
                    let plan = try memoryPlan(request, answerTokens: answer, cache: cache)
                    try reserve(plan.capacity, in: cache, request: request)
                    return (cache, plan)
                } catch GenerateError.doesNotFit {
                    // Without the cache there are more ways.
                }
            }
            caches[conversation] = nil
        }
        let plan = try memoryPlan(request, answerTokens: answer, cache: nil)
        let cache = try KVCache(model: model, plan: plan)
        if let conversation = request.conversation { caches[conversation] = cache }
        return (cache, plan)
    }

    /// How the part of a prompt that is not in `cache` fits the device.
    func memoryPlan(
        _ request: GenerationRequest, answerTokens: Int, cache: KVCache?
    ) throws -> MemoryPlan {
        let footprint = ModelFootprint(model.configuration, dtype: model.dtype)
        let prompt = request.prompt.count
        let chunks = request.prefill.chunks(in: (cache?.tokens.count ?? 0)..<prompt)
        var budget = try model.backend.availableMemory()
        // Both are there already.
        budget?.device += footprint.weights + (cache?.byteCount ?? 0)
        return try MemoryPlanner(
            footprint: footprint, layers: model.layerCount, promptTokens: prompt, answerTokens: answerTokens,
            chunkRows: chunks.map(\.count).max() ?? prompt,
            preferredSliceRows: model.backend.preferredSliceRows, budget: budget,
            canCompress: model.backend.compressedKVFormats.contains(request.prefill.kvPrecision.format),
            precision: request.prefill.kvPrecision, repositions: request.prefill.attention.repositions
        ).plan()
    }

    /// Makes room for `count` tokens, with some to spare when the cache has to grow.
    private func reserve(_ count: Int, in cache: KVCache, request: GenerationRequest) throws {
        guard count > cache.capacity else { return }
        let generous = max(count, cache.capacity + cache.capacity / 2)
        let positions = model.configuration.maxPositionEmbeddings
        try cache.reserve(request.allowBeyondTrainedLength ? generous : max(count, min(generous, positions)))
    }

    /// Takes the rest of a prompt through the model into `cache`, whose plan is `plan`; times and report go to `outcome`.
    func prefill(
        _ request: GenerationRequest, cache: KVCache, plan: MemoryPlan, output: Prefill.Output = .lastLogits,
        outcome: inout GenerationOutcome
    ) throws -> [Float] {
        let timer = PhaseTimer(backend: model.backend)
        let attention = try PrefillAttention(model: model, parameters: request.prefill, timer: timer)
        defer {
            outcome.phases = timer.times
            outcome.report = attention.finishedReport
        }
        let pass = Prefill(
            model: model, cache: cache, rotary: model.rotaryTable(length: request.prompt.count),
            parameters: request.prefill, sliceRows: plan.sliceRows, attention: attention, timer: timer)
        return try pass.run(Array(request.prompt[cache.tokens.count...]), output: output)
    }
}
