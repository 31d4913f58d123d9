import Compute
import Models

extension EngineCore {
    /// How well every token of a text is predicted from those before it, with attention chosen in several ways.
    ///
    /// The residual streams of all of them are kept, and logits made in slices, so that the logits of a long text need not
    /// exist at once.
    ///
    /// - Parameters:
    ///   - tokens: The text; at least 2 tokens.
    ///   - prefills: How it is processed; the first is the reference of divergences.
    ///   - rows: The tokens whose next one is predicted; nil for all but the last.
    /// - Returns: A prediction for each of `prefills`.
    package func predictions(
        of tokens: [Int32], with prefills: [PrefillParameters], rows: Range<Int>? = nil,
        cancellation: CancellationFlag
    ) throws -> [TextPrediction] {
        precondition(tokens.count > 1 && !prefills.isEmpty, "a text has a token to predict")
        let rows = rows ?? 0..<tokens.count - 1
        precondition(
            !rows.isEmpty && rows.lowerBound >= 0 && rows.upperBound < tokens.count, "rows have a next token")
        model.backend.cancellation = cancellation
        defer { model.backend.cancellation = nil }
        var streams: [Tensor] = []
        var predictions: [TextPrediction] = []
        for parameters in prefills {
            var request = GenerationRequest(prompt: tokens, prefill: parameters, cancellation: cancellation)
            _ = try request.tokenLimit(of: model.configuration)
            // Nothing is decoded; all rows end in one residual stream.
            request.prefill.kvPrecision = .native
            request.prefill.order = .layerMajor
            let plan = try memoryPlan(request, answerTokens: 0, cache: nil)
            let start = ContinuousClock.now
            var outcome = GenerationOutcome(promptTokens: tokens.count)
            let output = Prefill.Output.hidden { streams.append($0) }
            _ = try prefill(
                request, cache: KVCache(model: model, plan: plan), plan: plan, output: output,
                outcome: &outcome)
            predictions.append(
                TextPrediction(
                    tokens: rows.count, seconds: PhaseTimer.seconds(since: start),
                    attention: outcome.report))
        }
        try compare(streams, rows: rows, tokens: tokens, predictions: &predictions)
        return predictions
    }

    /// Adds what the logits of finished residual streams say about the next tokens.
    private func compare(
        _ streams: [Tensor], rows: Range<Int>, tokens: [Int32], predictions: inout [TextPrediction]
    ) throws {
        let width = model.configuration.vocabularySize
        let workspace = try DecoderWorkspace(model: model, rowCount: 256)
        let timer = PhaseTimer()
        for slice in rows.split(onGrid: 256) {
            var reference = LogProbabilities()
            for (number, stream) in streams.enumerated() {
                if model.backend.cancellation?.isCancelled == true { throw ComputeError.cancelled }
                let logits = try model.logits(hidden: stream.rows(slice), workspace: workspace, timer: timer)
                let own = LogProbabilities(logits: logits, width: width)
                if number == 0 { reference = own }
                for row in 0..<slice.count {
                    let next = Int(tokens[slice.lowerBound + row + 1])
                    predictions[number].add(own, reference: reference, row: row, next: next)
                }
            }
        }
    }
}
