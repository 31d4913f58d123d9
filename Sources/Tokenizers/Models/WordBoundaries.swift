/// Where a text without pieces may be cut so that merging the parts alone gives the same tokens.
///
/// Tokenizers of SentencePiece's kind see a whole text as one piece in which `▁` (U+2581) stands for a space. Tokens hardly
/// ever have a `▁` after another character, so no merge crosses that place, and short parts that come again and again
/// need not be merged anew. The few characters that do stand before a `▁` inside a token are remembered: there is no cut
/// after them.
struct WordBoundaries: Sendable {
    /// The characters after which a `▁` may belong to the same token.
    private let joined: Set<UInt32>

    /// The boundaries of a vocabulary whose tokens merge by `merges`; nil where merges are not of texts side by side.
    init?(_ vocabulary: Vocabulary, merges: [MergeTable.Merge], start: CharacterTokens) {
        // An unknown stretch is put out when a known character comes, which the mark must be.
        guard start.id(of: 0x2581) >= 0 else { return nil }
        // Tokens of bytes, or for the unknown, are not the text that they stand for.
        var opaque = Set(vocabulary.byteFallbackTokens.filter { $0 >= 0 })
        if let unknown = start.unknown.id { opaque.insert(unknown) }
        guard !merges.contains(where: { opaque.contains($0.left) || opaque.contains($0.right) }) else {
            return nil
        }
        var joined: Set<UInt32> = []
        for merge in merges {
            vocabulary.withBytes(of: Int(merge.merged)) { token in
                var index = 1
                while index + 3 <= token.count {
                    if Self.isMark(at: index, in: token),
                        !(index >= 3 && Self.isMark(at: index - 3, in: token))
                    {
                        joined.insert(
                            UTF8Text.scalar(at: UTF8Text.start(before: index, in: token), in: token).value)
                    }
                    index += 1
                }
            }
        }
        self.joined = joined
    }

    /// The end of the part that begins at `start`.
    func end(after start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = start + 1
        while index < text.count {
            if Self.isMark(at: index, in: text) {
                if index >= 3, Self.isMark(at: index - 3, in: text) {
                    index += 3
                    continue
                }
                if joined.isEmpty
                    || !joined.contains(
                        UTF8Text.scalar(at: UTF8Text.start(before: index, in: text), in: text).value)
                {
                    return index
                }
            }
            index += 1
        }
        return text.count
    }

    @inline(__always)
    private static func isMark(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        index + 3 <= text.count && text[index] == 0xE2 && text[index + 1] == 0x96 && text[index + 2] == 0x81
    }
}
