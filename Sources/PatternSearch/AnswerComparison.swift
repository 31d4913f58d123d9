import Compute
import MInference
import SparseAttention

/// How far the predictions of a model's own dense answer to a prompt are from the dense ones when attention is sparse.
struct AnswerComparison: Sendable {
    private let model: ModelContainer
    private let cancellation: CancellationFlag
    /// The prompt and its answer.
    private let tokens: [Int]
    private let promptTokens: Int

    private static let mostAnswerTokens = 64

    /// Answers `prompt` greedily with dense attention.
    init(prompt: [Int], model: ModelContainer, cancellation: CancellationFlag) async throws {
        self.model = model
        self.cancellation = cancellation
        promptTokens = prompt.count
        let parameters = GenerateParameters(
            maxTokens: Self.mostAnswerTokens, temperature: 0,
            prefill: PrefillParameters(attention: DenseMethod(), recallRows: 0))
        var text = ""
        for try await item in model.generate(
            .tokens(prompt), parameters: parameters, cancellation: cancellation)
        {
            text += item.chunk ?? ""
            if item.info?.stopReason == .cancelled { throw ComputeError.cancelled }
        }
        let answer = model.tokenizer.encode(text: text)
        // A model that answers nothing is compared on what it says in place of an answer.
        tokens = prompt + (answer.isEmpty ? [prompt[prompt.count - 1]] : answer)
    }

    /// The mean divergence in nats over the answer's tokens for each of `patterns`.
    func divergences(of patterns: [HeadPatterns]) async throws -> [Double] {
        let answerTokens = tokens.count - promptTokens
        let prefills = patterns.map { patterns in
            PrefillParameters(
                attention: ComposedMethod(
                    MInferenceMethod(patterns: patterns, rules: .never),
                    options: CommonOptions(lastRowsDense: MInferenceMethod.lastRowsDense + answerTokens)),
                recallRows: 0)
        }
        let dense = PrefillParameters(attention: DenseMethod(), recallRows: 0)
        // The last row of the prompt predicts the answer's first token.
        return try await model.predictions(
            of: tokens, with: [dense] + prefills, rows: promptTokens - 1..<tokens.count - 1,
            cancellation: cancellation
        ).dropFirst().map(\.divergence)
    }
}
