/// The tokens of a prompt with what the model thought of each, collected while the prompt is processed.
final class PromptTokens {
    /// The tokens so far; the first one has no logarithm of probability.
    private(set) var all: [DrawnToken] = []
    private let prompt: [Int32]
    private let likeliest: Int

    /// Of `prompt`, with the `likeliest` likeliest tokens of each position.
    init(_ prompt: [Int32], likeliest: Int) {
        self.prompt = prompt
        self.likeliest = likeliest
        all = prompt.prefix(1).map { DrawnToken(answer: 0, token: $0) }
    }

    /// Takes logits `[rows, width]` of the rows from position `start` on, which follow those before.
    func take(_ logits: [Float], width: Int, start: Int) {
        for row in 0..<logits.count / width where start + row + 1 < prompt.count {
            let token = prompt[start + row + 1]
            var told = DrawnToken(answer: 0, token: token)
            told.addLogProbabilities(
                of: token, likeliest: likeliest, in: logits[row * width..<(row + 1) * width])
            all.append(told)
        }
    }
}
