import Compute
import Models

extension EngineCore {
    /// The logits after each token of `continuation` when it follows `request.prompt`, and after the prompt itself.
    ///
    /// The prompt is read as `request` says, and its keys and values are kept as it says; the continuation goes through
    /// the decoder token by token, whatever the model would have said. For comparing ways to hold weights and caches.
    ///
    /// - Returns: `continuation.count + 1` rows of the vocabulary's width.
    package func logits(
        of request: GenerationRequest, continuing continuation: [Int32]
    ) throws -> [[Float]] {
        model.backend.cancellation = request.cancellation
        defer { model.backend.cancellation = nil }
        let plan = try memoryPlan(request, answerTokens: continuation.count, cache: nil)
        let cache = try KVCache(model: model, plan: plan)
        var outcome = GenerationOutcome(promptTokens: request.prompt.count)
        var rows = [try prefill(request, cache: cache, plan: plan, outcome: &outcome)]
        let decoder = try Decoder(model: model)
        for token in continuation {
            let rotary = model.rotaryTable(length: cache.tokens.count + 1)
            rows.append(
                try model.backend.read(try decoder.step(token, cache: cache, rotary: rotary)))
        }
        return rows
    }
}
