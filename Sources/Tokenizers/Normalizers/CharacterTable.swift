/// The table by which a SentencePiece model rewrites characters (`precompiled_charsmap`): a double-array trie over the
/// characters to replace, and the texts to put in their places, each ending in a zero byte.
final class CharacterTable: Sendable {
    /// Which stretch of a text is looked up.
    enum Search: Sendable {
        /// The longest of those that begin at a place, as SentencePiece does.
        case longest
        /// The shortest prefix of a grapheme cluster of fewer than 6 bytes, or else of each of its characters, as the
        /// `tokenizers` library does.
        case graphemes
    }

    private let units: [UInt32]
    private let texts: [UInt8]
    private let search: Search

    /// Reads a table: the size of the trie in bytes, the trie and the texts; nil when that is not what `bytes` are.
    init?(_ bytes: [UInt8], search: Search) {
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        guard bytes.count >= 8 else { return nil }
        let size = Int(word(0))
        guard size > 0, size % 4 == 0, size <= bytes.count - 4 else { return nil }
        units = stride(from: 4, to: 4 + size, by: 4).map(word)
        texts = Array(bytes[(4 + size)...])
        self.search = search
        guard texts.isEmpty || texts.last == 0, String(validating: texts, as: UTF8.self) != nil else {
            return nil
        }
    }

    /// The rewritten text, or nil when nothing changes.
    func apply(to text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var isChanged = false
        func replace(_ range: Range<Int>, longest: Bool) -> Int? {
            guard let (length, content) = match(text[range], longest: longest) else { return nil }
            result.append(contentsOf: texts[content])
            isChanged = true
            return length
        }
        var index = 0
        while index < text.count {
            switch search {
            case .longest:
                if let length = replace(index..<text.count, longest: true) {
                    index += length
                    continue
                }
            case .graphemes:
                let end = graphemeEnd(after: index, in: text)
                let length = UTF8Text.scalar(at: index, in: text).length
                if end - index > length {
                    if end - index < 6, replace(index..<end, longest: false) != nil {
                        index = end
                        continue
                    }
                    while index < end {
                        let length = UTF8Text.scalar(at: index, in: text).length
                        if replace(index..<index + length, longest: false) == nil {
                            result.append(contentsOf: text[index..<index + length])
                        }
                        index += length
                    }
                    continue
                }
                if replace(index..<index + length, longest: false) != nil {
                    index += length
                    continue
                }
            }
            let length = UTF8Text.scalar(at: index, in: text).length
            result.append(contentsOf: text[index..<index + length])
            index += length
        }
        return isChanged ? result : nil
    }

    /// The end of the grapheme cluster that begins at a place.
    private func graphemeEnd(after start: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        // Between two ASCII characters there is always a boundary, but for a line end of two.
        if text[start] < 0x80, start + 1 == text.count || text[start + 1] < 0x80 {
            let isLineEnd =
                text[start] == 0x0D && start + 1 < text.count && text[start + 1] == 0x0A
            return start + (isLineEnd ? 2 : 1)
        }
        // Longer clusters are looked up by character in any case.
        var window = min(text.count, start + 64)
        while true {
            while window < text.count, UTF8.isContinuation(text[window]) { window += 1 }
            let part = String(decoding: text[start..<window], as: UTF8.self)
            let length = part.first?.utf8.count ?? 1
            if start + length < window || window == text.count { return start + length }
            window = min(text.count, start + (window - start) * 2)
        }
    }

    /// The length of a stretch that is replaced, at the start of `text`, and the place of its replacement.
    private func match(
        _ text: Slice<UnsafeBufferPointer<UInt8>>, longest: Bool
    ) -> (length: Int, content: Range<Int>)? {
        var node = offset(of: units[0])
        var found: (length: Int, value: Int)?
        var length = 0
        for byte in text {
            node ^= Int(byte)
            guard node < units.count else { break }
            let unit = units[node]
            // The label of a unit is its lowest byte, with the top bit for units that hold values.
            guard unit & 0x8000_00FF == UInt32(byte) else { break }
            length += 1
            node ^= offset(of: unit)
            if unit >> 8 & 1 == 1, node < units.count {
                found = (length, Int(units[node] & 0x7FFF_FFFF))
                if !longest { break }
            }
        }
        guard let found, found.value < texts.count, let end = texts[found.value...].firstIndex(of: 0) else {
            return nil
        }
        return (found.length, found.value..<end)
    }

    private func offset(of unit: UInt32) -> Int { Int((unit >> 10) << ((unit & (1 << 9)) >> 6)) }
}
