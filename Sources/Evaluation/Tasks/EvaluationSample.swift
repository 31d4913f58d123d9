/// One question about one long document, with what a right answer holds.
///
/// The prompt is a chat with one user message, ``content``; ``answerPrefix`` is appended after the template's assistant
/// tag, so that the model goes on from it (it may be left out: the model then writes it itself).
public struct EvaluationSample: Sendable, Hashable {
    /// The name of the task.
    public let task: String
    /// The user message: what to do, the document, the question.
    public let content: String
    /// How the answer begins, with the space in front.
    public let answerPrefix: String
    /// What the answer should hold, in the order in which it is expected.
    public let references: [String]
    /// How answers are scored.
    public let metric: EvaluationMetric
    /// The tokens of content and answer prefix with the template's.
    public let promptTokens: Int
    /// The tokens that the answer may take; with `promptTokens` at most the length asked for.
    public let tokensToGenerate: Int
    /// Where in the document each piece of the answer stands, from 0 (start) to 100 (end), in the document's order; empty
    /// for tasks whose answer is spread over the whole document.
    public let depths: [Double]

    /// The score of `answer` from 0 to 1, by the task's metric.
    public func score(_ answer: String) -> Double {
        metric.score(answer, references: references)
    }
}
