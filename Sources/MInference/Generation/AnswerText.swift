import Tokenizers

/// Turns the tokens of an answer into the text that may be shown.
package struct AnswerText {
    private var detokenizer: StreamingDetokenizer
    private var matcher: StopStringMatcher
    /// All of the text that was shown.
    package private(set) var shown = ""

    /// An answer that ends before any of `stopStrings`.
    package init(_ tokenizer: Tokenizer, stopStrings: [String], skipSpecialTokens: Bool = true) {
        detokenizer = StreamingDetokenizer(tokenizer, skipSpecialTokens: skipSpecialTokens)
        matcher = StopStringMatcher(stopStrings)
    }

    /// Whether a stop string was met.
    package var isStopped: Bool { matcher.isMatched }

    /// The text that is certain after another token; may be empty.
    package mutating func append(_ token: Int32) -> String {
        show(matcher.append(detokenizer.append(Int(token)) ?? ""))
    }

    /// What was held back, when no token follows.
    package mutating func finish() -> String {
        let rest = matcher.append(detokenizer.finish() ?? "")
        return show(rest + matcher.finish())
    }

    private mutating func show(_ text: String) -> String {
        shown += text
        return text
    }
}
