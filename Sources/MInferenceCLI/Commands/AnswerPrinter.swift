import Compute
import MInference

/// Shows an answer as it comes, with progress before it, and lets Ctrl-C end it early.
struct AnswerPrinter {
    /// Whether pieces of text go to standard output as they come.
    let streams: Bool
    /// Whether progress is shown.
    let showsProgress: Bool

    /// Reads the whole stream that `start` gives; the text has been printed when this returns.
    func run(
        prefill: PrefillParameters,
        start: (PrefillParameters, CancellationFlag) -> AsyncThrowingStream<Generation, any Error>
    ) async throws -> GenerateCompletionInfo {
        let cancellation = CancellationFlag()
        let interrupt = Interrupt { cancellation.cancel() }
        defer { withExtendedLifetime(interrupt) {} }
        let bar = ProgressBar(title: "reading the prompt", enabled: showsProgress)
        var prefill = prefill
        prefill.progress = { bar.update(fraction: $0.fraction, tokens: $0.tokens) }
        defer { bar.finish() }
        var result: GenerateCompletionInfo?
        for try await item in start(prefill, cancellation) {
            switch item {
            case .chunk(let text):
                bar.finish()
                if streams { try Terminal.print(text, terminator: "") }
            case .info(let info): result = info
            }
        }
        guard let result else { throw CancellationError() }
        if streams { try Terminal.print("") }
        if result.stopReason == .cancelled { Terminal.note("interrupted; this is what there was") }
        return result
    }
}

extension GenerateCompletionInfo {
    /// Tokens, times and what attention kept, in a line or two.
    var summary: String {
        let prompt =
            cachedPromptTokens > 0 ? "\(promptTokens) (\(cachedPromptTokens) cached)" : "\(promptTokens)"
        var parts = [
            "prompt \(prompt) tokens", "first token after \(Format.seconds(timeToFirstToken))",
            "\(generatedTokens) generated at \(Format.fixed(decodeTokensPerSecond, 1)) tokens/s",
        ]
        if let attention {
            parts.append("density \(Format.percent(attention.density))")
            if let recall = attention.recall { parts.append("recall \(Format.percent(recall.mean))") }
        }
        parts.append("peak memory \(Format.bytes(peakMemoryBytes))")
        return parts.joined(separator: ", ")
    }
}
