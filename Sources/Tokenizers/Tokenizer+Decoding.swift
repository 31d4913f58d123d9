extension Tokenizer {
    /// The text of some tokens. Ids without a token are left out; bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Parameters:
    ///   - tokenIds: The ids.
    ///   - skipSpecialTokens: Whether special tokens are left out.
    public func decode(tokenIds: [Int], skipSpecialTokens: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokenIds.count * 4)
        var state = DecoderState(decoder)
        for id in tokenIds { append(id, skipSpecialTokens: skipSpecialTokens, to: &state, &bytes) }
        state.finish(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes that a token stands for in the middle of a text; nothing for an id without a token.
    package func appendBytes(of id: Int, skipSpecialTokens: Bool, to bytes: inout [UInt8]) {
        if skipSpecialTokens, isSpecial(id) { return }
        _ = vocabulary.withBytes(of: id) { bytes += decoder.bytes(of: $0) }
    }

    /// Hands a token to a decoder, which appends the text that is certain then.
    func append(_ id: Int, skipSpecialTokens: Bool, to state: inout DecoderState, _ bytes: inout [UInt8]) {
        if skipSpecialTokens, isSpecial(id) { return }
        _ = vocabulary.withBytes(of: id) { state.append($0, to: &bytes) }
    }
}
