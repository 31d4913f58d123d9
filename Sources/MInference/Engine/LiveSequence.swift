import Compute
import Models

/// A prompt on its way through the model in steps, and then the answers to it.
final class LiveSequence {
    let request: SequenceRequest
    /// The prompt's cache; the first answer goes on with it.
    let cache: KVCache
    /// The answers, once the prompt is through.
    private(set) var answers: [LiveAnswer] = []
    private let limit: Int
    private let attention: PrefillAttention
    private let timer: PhaseTimer
    private let steps: PrefillSteps
    private let told: PromptTokens?

    /// A sequence at its beginning.
    ///
    /// - Throws: what `GenerationRequest.tokenLimit` and methods object to, or `ComputeError.outOfMemory`.
    init(_ request: SequenceRequest, model: DecoderModel, workspace: (_ rows: Int) throws -> DecoderWorkspace)
        throws
    {
        let generation = request.request
        limit = try generation.tokenLimit(of: model.configuration)
        self.request = request
        cache = try KVCache(model: model, capacity: generation.prompt.count + limit)
        timer = PhaseTimer(backend: model.backend)
        attention = try PrefillAttention(model: model, parameters: generation.prefill, timer: timer)
        // Slices of a size that no prompt changes: a row goes through the same products with and without a cached prefix.
        let rows = model.backend.preferredSliceRows
        let sliceRows = min(
            rows, generation.prefill.stepSize ?? generation.prefill.estimation.chunkSize ?? rows)
        let pass = Prefill(
            model: model, cache: cache, rotary: model.rotaryTable(length: generation.prompt.count),
            parameters: generation.prefill, sliceRows: sliceRows, attention: attention, timer: timer)
        let told =
            request.tellsPrompt
            ? PromptTokens(generation.prompt, likeliest: request.logProbabilities ?? 0) : nil
        self.told = told
        let width = model.configuration.vocabularySize
        let output =
            told.map { told in Prefill.Output.allLogits { told.take($0, width: width, start: $1) } }
            ?? .lastLogits
        steps = try PrefillSteps(
            pass, tokens: generation.prompt, output: output, workspace: workspace(sliceRows))
    }

    /// The prompt's tokens that are through.
    var processedTokens: Int { steps.processedTokens }

    /// The prompt's tokens with what the model thought of them, as far as it is through; empty when nobody asked.
    var promptTokens: [DrawnToken] { told?.all ?? [] }

    /// Whether no chunk is at work.
    var isBetweenChunks: Bool { !steps.isInsideChunk }

    /// Appends the next tokens of the prompt from a piece; false when there is no place for it now.
    func restore(_ piece: KVPiece, tokens: Range<Int>) throws -> Bool {
        guard !steps.isInsideChunk, told == nil, cache.tokens.count == tokens.lowerBound,
            tokens.upperBound < request.request.prompt.count
        else { return false }
        return try cache.restore(request.request.prompt[tokens], from: piece)
    }

    /// Does the next step of the prompt; returns the first token of every answer when it was the last one.
    func advancePrompt() throws -> [DrawnToken]? {
        try steps.advance()
        guard steps.isFinished else { return nil }
        answers = try (0..<request.answers).map { number in
            let own = number == 0 ? cache : try cache.copy(capacity: cache.capacity)
            return LiveAnswer(number: number, request: request, limit: limit, cache: own)
        }
        return try answers.map { try $0.draw(steps.logits) }
    }

    /// What the prompt took so far; waits for the device.
    var outcome: GenerationOutcome {
        var outcome = GenerationOutcome(promptTokens: request.request.prompt.count)
        outcome.phases = timer.times
        outcome.report = attention.finishedReport
        return outcome
    }
}
