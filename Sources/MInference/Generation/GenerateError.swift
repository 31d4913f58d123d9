/// Why a generation cannot start or go on.
public enum GenerateError: Error, Equatable, CustomStringConvertible {
    /// There is nothing to continue.
    case emptyPrompt
    /// A token id that the model has no embedding for.
    case tokenOutOfVocabulary(token: Int, position: Int, vocabularySize: Int)
    /// Prompt and answer do not fit the positions of the model; `maxTokens` is nil when the prompt alone is too long.
    case promptTooLong(promptTokens: Int, maxTokens: Int?, positions: Int)
    /// A parameter outside its range.
    case invalidParameter(name: String, value: String, expected: String)
    /// The device has too little memory for a prompt whatever gives way; `longestPrompt` tokens would fit.
    case doesNotFit(promptTokens: Int, neededBytes: Int, availableBytes: Int, longestPrompt: Int)
    /// The model gave a logit that is not a number after this many tokens.
    case invalidLogits(position: Int)
    /// The model cannot be used with its tokenizer.
    case tokenizerMismatch(String)
    /// The session is answering another message.
    case sessionBusy
    /// The model comes without a chat template.
    case noChatTemplate
    /// Calls of tools were asked for, but the model's chat template does not know tools, or there are none.
    case noTools

    /// One line that says what, where, expected and found, and what to do.
    public var description: String {
        switch self {
        case .emptyPrompt: "the prompt has no tokens; give at least one character of text"
        case .tokenOutOfVocabulary(let token, let position, let vocabularySize):
            "token \(token) at position \(position) of the prompt is not in the model's vocabulary "
                + "of \(vocabularySize) tokens"
        case .promptTooLong(let promptTokens, .some(let maxTokens), let positions):
            "a prompt of \(promptTokens) tokens and up to \(maxTokens) new ones exceed the model's \(positions) "
                + "positions; shorten the prompt, lower the number of new tokens, or allow positions beyond the "
                + "trained length"
        case .promptTooLong(let promptTokens, nil, let positions):
            "a prompt of \(promptTokens) tokens exceeds the model's \(positions) positions; shorten it, or allow "
                + "positions beyond the trained length"
        case .invalidParameter(let name, let value, let expected):
            "\(name) is \(value); expected \(expected)"
        case .doesNotFit(let promptTokens, let neededBytes, let availableBytes, let longestPrompt):
            "a prompt of \(promptTokens) tokens needs at least \(MemoryPlan.size(neededBytes)) on the device, which "
                + "has \(MemoryPlan.size(availableBytes)); "
                + (longestPrompt > 0
                    ? "shorten the prompt to at most \(longestPrompt) tokens" : "use a smaller model")
                + ", or use another device"
        case .invalidLogits(let position):
            "the model's output after \(position) tokens is not a number; its weights may be damaged, or bfloat16 "
                + "too coarse for it (try float32)"
        case .tokenizerMismatch(let what): "the tokenizer does not fit the model: \(what)"
        case .sessionBusy:
            "the session is still answering; wait for the end of the answer, or use another session"
        case .noChatTemplate:
            "the model has no chat template; generate from raw text, or use an instruction-tuned checkpoint"
        case .noTools:
            "there are no tools to call, or the model's chat template does not know tools; give at least one, and "
                + "use a checkpoint trained for tools"
        }
    }
}
