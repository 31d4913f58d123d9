extension Tokenizer {
    /// How many tokens there are, added ones included. The rows of a model's embedding may be more, for alignment.
    public var vocabularySize: Int { vocabulary.count }

    /// The id of a token as `tokenizer.json` writes it (a space is `Ġ` or `▁`), or nil when there is no such token.
    public func convertTokenToId(_ token: String) -> Int? {
        vocabulary.id(ofToken: token).map { Int($0) }
    }

    /// The token with an id as `tokenizer.json` writes it (a space is `Ġ` or `▁`), or nil when there is no such token.
    public func convertIdToToken(_ id: Int) -> String? {
        vocabulary.text(of: id)
    }

    /// Whether an id is that of a special token: one that controls the model, such as the end of a text.
    public func isSpecial(_ id: Int) -> Bool {
        Int32(exactly: id).map(specialTokens.contains) ?? false
    }

    /// The bytes that a token stands for in the middle of a text; none for an id without a token.
    package func bytes(of id: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        appendBytes(of: id, skipSpecialTokens: false, to: &bytes)
        return bytes
    }

    /// The id of ``bosToken``.
    public var bosTokenId: Int? { bosToken.flatMap(convertTokenToId) }
    /// The id of ``eosToken``.
    public var eosTokenId: Int? { eosToken.flatMap(convertTokenToId) }
    /// The id of ``unknownToken``.
    public var unknownTokenId: Int? { unknownToken.flatMap(convertTokenToId) }
    /// The id of ``padToken``.
    public var padTokenId: Int? { padToken.flatMap(convertTokenToId) }
}
