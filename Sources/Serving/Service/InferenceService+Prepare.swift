import Compute
import Checkpoints
import MInference
import SparseAttention

extension InferenceService {
    /// Checks and encodes a request and looks up its prompt in the prefix cache.
    ///
    /// Takes time in proportion to the prompt, on the caller's thread, and none of the service's.
    ///
    /// - Throws: an error of status 400 that says what the client should change.
    package nonisolated func prepare(
        _ request: InferenceRequest, cancellation: CancellationFlag = CancellationFlag()
    ) throws(APIError) -> PreparedJob {
        let arrival = ContinuousClock.now
        let tokens: [Int]
        do {
            tokens = try model.encode(request.prompt)
        } catch {
            throw .invalid(
                request.promptParameter, "the prompt cannot be written for the model: \(error)")
        }
        let vocabulary = model.configuration.vocabularySize
        if let unknown = tokens.first(where: { !(0..<vocabulary).contains($0) }) {
            throw .invalid(
                request.promptParameter,
                "the token \(unknown) is not below \(vocabulary), the model's vocabulary")
        }
        if let unknown = request.parameters.logitBias.keys.first(where: { $0 >= vocabulary }) {
            throw .invalid(
                "logit_bias", "the token \(unknown) is not below \(vocabulary), the model's vocabulary",
                code: "invalid_value")
        }
        var parameters = request.parameters
        parameters.maxTokens = try answerLimit(
            parameters.maxTokens, promptTokens: tokens.count, of: request.promptParameter)
        parameters.prefill = try prefill(request.extensions)
        let sequence: SequenceRequest
        do {
            let generation = try model.request(
                .tokens(tokens), parameters: parameters, cancellation: cancellation)
            sequence = SequenceRequest(
                generation, answers: request.answers, logProbabilities: request.logProbabilities,
                tellsPrompt: request.tellsPrompt)
        } catch {
            throw .invalid(request.promptParameter, "\(error)")
        }
        let prompt = sequence.request.prompt
        let isDense = parameters.prefill.attention is DenseMethod
        let cost: PromptWork = isDense ? .dense : .sparse
        // Rows that are not run have no logits.
        let chain = request.tellsPrompt ? .empty : chain(of: prompt, prefill: parameters.prefill)
        let cached = chain.tokens(ofFirst: cache?.count(of: chain.keys) ?? 0)
        return PreparedJob(
            sequence: sequence, stopStrings: parameters.stopStrings,
            skipSpecialTokens: parameters.skipSpecialTokens, extensions: request.extensions,
            chain: chain,
            memoryBytes: memory.bytes(
                promptTokens: prompt.count, maxTokens: parameters.maxTokens ?? 1, answers: request.answers,
                chunk: parameters.prefill.estimation.chunkSize ?? prompt.count,
                repositions: parameters.prefill.attention.repositions),
            work: max(1, cost.of(min(cached, prompt.count)..<prompt.count)), cost: cost,
            arrival: arrival)
    }

    /// The most tokens of an answer, of which there is at least room for one.
    private nonisolated func answerLimit(
        _ wanted: Int?, promptTokens: Int, of parameter: String
    ) throws(APIError) -> Int {
        let positions = model.configuration.maxPositionEmbeddings
        let longest = min(configuration.longestPrompt ?? positions, positions - 1)
        guard promptTokens > 0 else { throw .invalid(parameter, "the prompt has no tokens") }
        guard promptTokens <= longest else {
            throw .invalid(
                parameter,
                "the prompt has \(promptTokens) tokens, but at most \(longest) are served; shorten it",
                code: "context_length_exceeded")
        }
        let room = positions - promptTokens
        if let wanted {
            guard wanted <= room else {
                throw .invalid(
                    "max_tokens",
                    "\(promptTokens) tokens of prompt and \(wanted) of answer exceed the model's \(positions) "
                        + "positions; shorten the prompt, or ask for at most \(room) tokens",
                    code: "context_length_exceeded")
            }
            return wanted
        }
        let usual = model.generationConfiguration.maxNewTokens.flatMap { $0 > 0 ? $0 : nil }
        return min(room, min(usual ?? configuration.defaultMaxTokens, configuration.defaultMaxTokens))
    }

    /// How a prompt is processed: what the service does for everybody, changed by what the request asks for.
    private nonisolated func prefill(_ extensions: ExtensionFields) throws(APIError) -> PrefillParameters {
        var prefill = configuration.prefill
        prefill.kvPrecision = .native
        prefill.progress = nil
        prefill.drawsMasks = extensions.report && extensions.masks
        if extensions.method != nil || extensions.budget != nil {
            var settings = configuration.methods
            if let budget = extensions.budget {
                // A request's budget is in place of what the server was told, patterns included.
                settings = AttentionMethods.Settings(budget: budget)
            }
            do {
                prefill.attention = try AttentionMethods.make(
                    extensions.method ?? "minference", settings: settings)
            } catch {
                throw .invalid("minference.method", "\(error)", code: "invalid_value")
            }
        }
        prefill.minRecall = extensions.minRecall ?? prefill.minRecall
        if extensions.estimation == .prompt {
            guard configuration.allowsPromptEstimation else {
                throw .invalid(
                    "minference.estimation",
                    "this server estimates in chunks, so that long prompts do not hold up others; it must be started "
                        + "with --allow-prompt-estimation for anything else",
                    code: "unsupported_value")
            }
            prefill.estimation = .prompt
            prefill.order = .layerMajor
            prefill.stepSize = nil
        } else {
            prefill.estimation = .chunks(of: configuration.chunk, tail: cachedRun)
            prefill.order = .chunkMajor
            prefill.stepSize = configuration.chunk
        }
        return prefill
    }

    /// The names of a prompt's runs but the last, since logits need a row; none where keys and values depend on more than
    /// the runs before.
    private nonisolated func chain(of prompt: [Int32], prefill: PrefillParameters) -> PrefixChain {
        guard cache != nil, prefill.estimation.chunkSize == configuration.chunk else { return .empty }
        let parts = [
            fingerprint, prefill.attention.specification, prefill.minRecall.map { "\($0)" } ?? "-",
            "\(prefill.recallRows)", "\(prefill.estimation)", configuration.cacheContext,
        ]
        let runs = prefill.estimation.ranges(of: 0..<prompt.count, promptTokens: prompt.count)
        return PrefixChain(prompt, runs: runs.dropLast(), context: parts.joined(separator: "\n"))
    }
}
