/// What turns a piece of text into tokens.
enum TokenModel: Sendable {
    /// Byte pair encoding: neighbours merge.
    case bytePair(BytePairModel)
    /// The most likely way to write a piece with tokens.
    case unigram(UnigramModel)
}
