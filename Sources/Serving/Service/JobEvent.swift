import MInference
import SparseAttention

/// What happens to a request, in order.
package enum JobEvent: Sendable {
    /// The prompt is so far; told only when asked for, and not at every step.
    case progress(PromptProgress)
    /// The prompt is through; its tokens, told only when asked for.
    case prompt([TokenDetail])
    /// The next piece of an answer.
    case piece(AnswerPiece)
    /// The last event: what it all took.
    case done(JobSummary)
    /// The last event instead: what went wrong.
    case failed(APIError)
}

/// How far a prompt is.
package struct PromptProgress: Sendable, Equatable {
    /// Its tokens.
    package var total: Int
    /// Those whose keys and values were there.
    package var cached: Int
    /// Those that are through, cached ones included.
    package var processed: Int
    /// Milliseconds since the request came.
    package var milliseconds: Int
}

/// A piece of an answer.
package struct AnswerPiece: Sendable {
    /// The answer that it belongs to, from 0.
    package var answer: Int
    /// The text that is certain now; empty when a character or a stop text may be incomplete.
    package var text: String
    /// The token, when one was drawn that belongs to the answer.
    package var token: TokenDetail?
    /// Why the answer ends here: `stop` or `length`; nil when it goes on.
    package var end: StopReason?

    /// A piece.
    package init(answer: Int, text: String, token: TokenDetail? = nil, end: StopReason? = nil) {
        self.answer = answer
        self.text = text
        self.token = token
        self.end = end
    }
}

/// A token with its text and, when asked for, logarithms of probabilities.
package struct TokenDetail: Sendable, Equatable {
    /// A token's text and logarithm of probability.
    package struct Candidate: Sendable, Equatable {
        package var text: TokenText
        package var logProbability: Float
    }

    /// The token's text.
    package var text: TokenText
    /// Its logarithm of probability.
    package var logProbability: Float?
    /// The likeliest tokens, likeliest first.
    package var likeliest: [Candidate]
}

/// The bytes that a token stands for.
package struct TokenText: Sendable, Equatable {
    /// The bytes, which may end within a character.
    package var bytes: [UInt8]
    /// Whether the token is a mark for the model that texts do not show.
    package var isSpecial = false

    /// The bytes as text; what is no UTF-8 is U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// What a request took.
package struct JobSummary: Sendable {
    /// Tokens of the prompt.
    package var promptTokens = 0
    /// Those whose keys and values were there.
    package var cachedTokens = 0
    /// Tokens of all answers.
    package var answerTokens = 0
    /// Seconds before the prompt's first step.
    package var queueSeconds = 0.0
    /// Seconds from the arrival to the first token.
    package var firstTokenSeconds = 0.0
    /// Seconds from the arrival to the end.
    package var totalSeconds = 0.0
    /// What attention kept of the part of the prompt that was not cached.
    package var report: SparsityReport?

    /// Of a prompt of so many tokens.
    package init(promptTokens: Int = 0) { self.promptTokens = promptTokens }
}
