extension Tokenizer {
    /// The token ids of a text.
    ///
    /// Special tokens written out in the text, such as `<|end|>`, become their ids. A byte for which the model has neither
    /// a token nor an unknown token is left out.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - addSpecialTokens: Whether the tokens that the model expects around a text are added; not wanted for a text
    ///     that a chat template made, which has them.
    /// - Complexity: O(n log n) at worst, O(n) for texts of words.
    public func encode(text: String, addSpecialTokens: Bool = true) -> [Int] {
        tokenIds(text: text, addSpecialTokens: addSpecialTokens).map { Int($0) }
    }

    /// The token ids of a text in the width that models take: what ``encode(text:addSpecialTokens:)`` returns.
    public func tokenIds(text: String, addSpecialTokens: Bool = true) -> [Int32] {
        var text = text
        return text.withUTF8 { tokenIds(validUTF8: $0, addSpecialTokens: addSpecialTokens) }
    }

    /// The token ids of a text in UTF-8, such as the contents of a file.
    ///
    /// - Throws: ``TokenizerError`` of the kind `invalidText` that names the first byte which is not UTF-8.
    public func encode(
        utf8 text: UnsafeBufferPointer<UInt8>, addSpecialTokens: Bool = true
    ) throws(TokenizerError) -> [Int32] {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: text.span)
        } catch {
            throw TokenizerError(
                .invalidText,
                reason:
                    "the text is not UTF-8: \(error.kind) at byte \(error.byteOffsets.lowerBound) of \(text.count)"
            )
        }
        return tokenIds(validUTF8: text, addSpecialTokens: addSpecialTokens)
    }

    private func tokenIds(validUTF8 text: UnsafeBufferPointer<UInt8>, addSpecialTokens: Bool) -> [Int32] {
        var encoder = PieceEncoder(model, vocabulary, textLength: text.count)
        if addSpecialTokens { encoder.output += postProcessor.prefix }
        rawMatcher.split(text) { part in
            switch part {
            case .token(let id): encoder.output.append(id)
            case .text(let range):
                normalizer.normalize(UnsafeBufferPointer(rebasing: text[range])) { normalized, keepsStart in
                    encode(normalized, isFirst: keepsStart && range.lowerBound == 0, with: &encoder)
                }
            }
        }
        if addSpecialTokens { encoder.output += postProcessor.suffix }
        return encoder.output
    }

    /// Encodes a normalized stretch of text; `isFirst` says whether it begins what the user gave.
    private func encode(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, with encoder: inout PieceEncoder) {
        normalizedMatcher.split(text) { part in
            switch part {
            case .token(let id): encoder.output.append(id)
            case .text(let range):
                let stretch = UnsafeBufferPointer(rebasing: text[range])
                preTokenizer.forEachPiece(of: stretch, isFirst: isFirst && range.lowerBound == 0) {
                    encoder.append($0)
                }
            }
        }
    }
}
