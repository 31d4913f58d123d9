/// What a sequence is asked: a request, and how many answers to it.
package struct SequenceRequest: Sendable {
    /// Prompt, limits and sampling; `conversation` is not looked at.
    package var request: GenerationRequest
    /// Answers that are drawn after one pass over the prompt, with seeds that count up.
    package var answers: Int
    /// The likeliest tokens whose logarithms of probabilities come with each token; 0 for the token's own alone, nil
    /// for none.
    package var logProbabilities: Int?
    /// Whether the prompt's tokens are told with logarithms of probabilities, too; then no piece can be restored.
    package var tellsPrompt: Bool

    /// A request for `answers` answers.
    package init(
        _ request: GenerationRequest, answers: Int = 1, logProbabilities: Int? = nil,
        tellsPrompt: Bool = false
    ) {
        self.request = request
        self.answers = answers
        self.logProbabilities = logProbabilities
        self.tellsPrompt = tellsPrompt
    }
}

/// Names a sequence inside an engine.
package struct SequenceID: Sendable, Hashable {
    private let number: UInt64

    /// The name with a number that the owner of the engine gives out once.
    package init(_ number: UInt64) { self.number = number }
}

/// A token that was drawn, or one of the prompt, and what its model thought of it.
package struct DrawnToken: Sendable, Hashable {
    /// A token and the natural logarithm of its probability.
    package struct Candidate: Sendable, Hashable {
        /// The token.
        package var token: Int32
        /// The logarithm, of the model's own distribution: before penalties, temperature and cuts.
        package var logProbability: Float
    }

    /// The answer that it belongs to, from 0.
    package var answer: Int
    /// The token; nil when the answer ended with an end token, which is not part of it.
    package var token: Int32?
    /// Its logarithm of probability, when asked for.
    package var logProbability: Float?
    /// The likeliest tokens, likeliest first, as many as asked for.
    package var likeliest: [Candidate] = []
    /// Why the answer ends here; nil when it goes on.
    package var end: StopReason?

    /// Adds what the model thought of `token` and of the `count` likeliest ones, of their `logits`.
    mutating func addLogProbabilities(of token: Int32, likeliest count: Int, in logits: ArraySlice<Float>) {
        let candidates = likeliestTokens(count, in: logits)
        let probabilities = logProbabilities(of: [token] + candidates, in: logits)
        logProbability = probabilities[0]
        likeliest = zip(candidates, probabilities.dropFirst()).map {
            Candidate(token: $0, logProbability: $1)
        }
    }
}
