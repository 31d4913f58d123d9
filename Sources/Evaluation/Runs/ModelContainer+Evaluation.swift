import MInference
import Tokenizers

extension ModelContainer {
    /// Counts tokens of plain text.
    package var tokenCounter: TokenCounter {
        { [tokenizer] in tokenizer.encode(text: $0, addSpecialTokens: false).count }
    }

    /// The tokens that the chat template puts around a user message, or the special tokens around raw text.
    package func templateTokens() throws -> Int {
        let text = "x"
        return try evaluationTokens(content: text, answerPrefix: "").count - tokenCounter(text)
    }

    /// The prompt of a user message whose answer begins with `answerPrefix`; raw text for a model without a chat template.
    package func evaluationTokens(content: String, answerPrefix: String) throws -> [Int] {
        guard hasChatTemplate else { return tokenizer.encode(text: content + answerPrefix) }
        return tokenizer.encode(
            text: try render([.user(content)]) + answerPrefix, addSpecialTokens: false)
    }

    /// The greedy answer to a prompt.
    ///
    /// - Throws: What the generation throws; `CancellationError` when the task was cancelled.
    package func greedyAnswer(
        to tokens: [Int], maxTokens: Int, prefill: PrefillParameters
    ) async throws -> GenerateCompletionInfo {
        let parameters = GenerateParameters(maxTokens: maxTokens, temperature: 0, prefill: prefill)
        for try await item in generate(.tokens(tokens), parameters: parameters) {
            if case .info(let info) = item, info.stopReason != .cancelled { return info }
        }
        throw CancellationError()
    }
}
