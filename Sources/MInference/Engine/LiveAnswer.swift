import Compute
import Models

/// An answer that grows token by token, with a cache of its own.
final class LiveAnswer {
    /// Its number among the answers to one prompt.
    let number: Int
    /// The keys and values of the prompt and of the answer but its last token.
    let cache: KVCache
    /// The last token that was drawn, which the next step runs.
    private(set) var lastToken: Int32 = 0
    /// Whether it takes no further token.
    var isFinished = false
    private let request: SequenceRequest
    private let limit: Int
    private var sampler: TokenSampler
    private var count = 0

    /// An answer of at most `limit` tokens after the prompt in `cache`.
    init(number: Int, request: SequenceRequest, limit: Int, cache: KVCache) {
        self.number = number
        self.request = request
        self.limit = limit
        self.cache = cache
        var settings = request.request.sampling
        settings.seed &+= UInt64(number)
        sampler = TokenSampler(
            settings, prompt: request.request.prompt, constraint: request.request.constraint)
    }

    /// Whether the likeliest token is all that is needed of logits, which then may stay on the device.
    var needsOnlyLikeliest: Bool { sampler.takesLikeliest && request.logProbabilities == nil }

    /// Draws the next token.
    func draw(_ logits: [Float]) throws -> DrawnToken {
        guard let token = try sampler.sample(logits) else {
            throw GenerateError.invalidLogits(position: cache.tokens.count)
        }
        var drawn = try take(token)
        if let top = request.logProbabilities, drawn.token != nil {
            drawn.addLogProbabilities(of: token, likeliest: top, in: logits[...])
        }
        return drawn
    }

    /// Takes a token that was drawn elsewhere; nil is a row of logits with one that is no number.
    func take(_ token: Int32?) throws -> DrawnToken {
        guard let token else { throw GenerateError.invalidLogits(position: cache.tokens.count) }
        var drawn = DrawnToken(answer: number)
        if request.request.endTokens.contains(token) {
            drawn.end = .stop
        } else {
            drawn.token = token
            count += 1
            if count >= limit { drawn.end = .length }
            if sampler.isComplete { drawn.end = .stop }
        }
        lastToken = token
        isFinished = drawn.end != nil
        return drawn
    }
}
