extension Tokenizer {
    /// The text of some tokens. Ids without a token are left out; bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Parameters:
    ///   - tokenIds: The ids.
    ///   - skipSpecialTokens: Whether special tokens are left out.
    public func decode(tokenIds: [Int], skipSpecialTokens: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tokenIds.count * 4)
        for id in tokenIds { appendBytes(of: id, skipSpecialTokens: skipSpecialTokens, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes that a token stands for.
    package func appendBytes(of id: Int, skipSpecialTokens: Bool, to bytes: inout [UInt8]) {
        if skipSpecialTokens, isSpecial(id) { return }
        _ = model.vocabulary.withBytes(of: id) { bytes.append(contentsOf: $0) }
    }
}
