import Checkpoints
import Compute
import Tokenizers

extension ModelContainer {
    /// Continues a prompt; the last element of the stream is its information.
    ///
    /// - Parameters:
    ///   - prompt: what to continue.
    ///   - parameters: how.
    ///   - cancellation: ends the generation when raised: the stream then still delivers what there is, and its
    ///     information with `stopReason` `.cancelled`. Whoever just stops reading the stream cancels, too.
    /// - Returns: A stream that throws `GenerateError`, `ComputeError`, `PatternsError` or the template's error.
    ///   It throws `ConstraintError` when the response format cannot be kept.
    public func generate(
        _ prompt: Prompt, parameters: GenerateParameters = GenerateParameters(),
        cancellation: CancellationFlag = CancellationFlag()
    ) -> AsyncThrowingStream<Generation, any Error> {
        stream(prompt, parameters: parameters, conversation: nil, cancellation: cancellation) { _ in }
    }

    /// The natural logarithms of the probabilities that the model gives each token of a prompt but the first.
    ///
    /// Perplexity is the exponential of minus their mean.
    ///
    /// - Returns: `tokens.count - 1` numbers.
    /// - Throws: as the stream of `generate`; `ComputeError.cancelled` when cancelled.
    public func logProbabilities(
        _ prompt: Prompt, parameters: GenerateParameters = GenerateParameters(),
        cancellation: CancellationFlag = CancellationFlag()
    ) async throws -> [Float] {
        try await engine.run { core in
            try core.logProbabilities(
                self.request(prompt, parameters: parameters, conversation: nil, cancellation: cancellation))
        }
    }

    /// `generate` on the cache of a conversation; `completion` gets the information, or nil after an error, before
    /// the stream ends.
    func stream(
        _ prompt: Prompt, parameters: GenerateParameters, conversation: ConversationID?,
        cancellation: CancellationFlag, completion: @escaping @Sendable (GenerateCompletionInfo?) -> Void
    ) -> AsyncThrowingStream<Generation, any Error> {
        let start = ContinuousClock.now
        return AsyncThrowingStream { continuation in
            continuation.onTermination = { reason in
                if case .cancelled = reason { cancellation.cancel() }
            }
            Task {
                do {
                    let info = try await engine.run { core in
                        let request = try self.request(
                            prompt, parameters: parameters, conversation: conversation,
                            cancellation: cancellation)
                        return try self.answer(
                            request, parameters: parameters, core: core, since: start
                        ) { continuation.yield(.chunk($0)) }
                    }
                    completion(info)
                    continuation.yield(.info(info))
                    continuation.finish()
                } catch {
                    completion(nil)
                    continuation.finish(throwing: error)
                }
            }
        }
    }

    private func answer(
        _ request: GenerationRequest, parameters: GenerateParameters, core: EngineCore,
        since start: ContinuousClock.Instant,
        emit: (String) -> Void
    ) throws -> GenerateCompletionInfo {
        var text = AnswerText(
            tokenizer, stopStrings: parameters.stopStrings, skipSpecialTokens: parameters.skipSpecialTokens)
        func show(_ piece: String) { if !piece.isEmpty { emit(piece) } }
        let outcome = try core.generate(request, since: start) { token in
            show(text.append(token))
            return !text.isStopped
        }
        show(text.finish())
        return GenerateCompletionInfo(outcome, text: text.shown, device: device, dtype: dtype)
    }

    /// What the engine is asked: `parameters` completed by the checkpoint's defaults.
    ///
    /// - Throws: `GenerateError` for parameters out of range, or what `encode` throws.
    package func request(
        _ prompt: Prompt, parameters: GenerateParameters, conversation: ConversationID? = nil,
        cancellation: CancellationFlag
    ) throws -> GenerationRequest {
        try parameters.validate()
        let tokens = try encode(prompt).enumerated().map { position, token in
            guard let narrow = Int32(exactly: token) else {
                throw GenerateError.tokenOutOfVocabulary(
                    token: token, position: position, vocabularySize: configuration.vocabularySize)
            }
            return narrow
        }
        return GenerationRequest(
            prompt: tokens, maxTokens: parameters.maxTokens ?? defaultMaxTokens(promptTokens: tokens.count),
            sampling: SamplingSettings(parameters, defaults: generationConfiguration),
            constraint: constraint(for: parameters.responseFormat),
            endTokens: parameters.ignoreEOS ? [] : Set(endTokens.map { Int32($0) }),
            prefill: parameters.prefill,
            allowBeyondTrainedLength: parameters.allowBeyondTrainedLength, conversation: conversation,
            cancellation: cancellation)
    }

    /// The checkpoint's own limit, as far as positions allow; it is a default, so it is never a reason to refuse.
    private func defaultMaxTokens(promptTokens: Int) -> Int? {
        let room = configuration.maxPositionEmbeddings - promptTokens
        guard let limit = generationConfiguration.maxNewTokens, limit > 0, room > 0 else { return nil }
        return min(limit, room)
    }
}

extension SamplingSettings {
    /// What parameters ask for, completed by the checkpoint's defaults.
    init(_ parameters: GenerateParameters, defaults: GenerationConfiguration) {
        self.init(
            temperature: parameters.temperature
                ?? (defaults.doSample == true ? defaults.temperature ?? 1 : 0),
            topK: parameters.topK ?? defaults.topK ?? 0, topP: parameters.topP ?? defaults.topP ?? 1,
            minP: parameters.minP ?? defaults.minP ?? 0,
            repetitionPenalty: parameters.repetitionPenalty ?? defaults.repetitionPenalty ?? 1,
            repetitionContextSize: parameters.repetitionContextSize,
            presencePenalty: parameters.presencePenalty,
            frequencyPenalty: parameters.frequencyPenalty, logitBias: parameters.logitBias,
            seed: parameters.seed ?? .random(in: 0 ... .max))
    }
}
