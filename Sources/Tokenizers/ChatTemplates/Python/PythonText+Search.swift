extension PythonText {
    /// The byte offsets where `needle` begins in `text`, from the left and not overlapping, at most `limit`.
    /// Linear in the sizes, whatever the texts. An empty needle is found nowhere.
    static func offsets(of needle: String, in text: String, limit: Int = .max) -> [Int] {
        var needle = needle
        var text = text
        return text.withUTF8 { text in needle.withUTF8 { offsets(of: $0, in: text, limit: limit) } }
    }

    /// The byte offset where `needle` last begins in `text`.
    static func lastOffset(of needle: String, in text: String) -> Int? {
        let text = Array(text.utf8.reversed())
        let needle = Array(needle.utf8.reversed())
        if needle.isEmpty { return text.count }
        let offset = text.withUnsafeBufferPointer { text in
            needle.withUnsafeBufferPointer { offsets(of: $0, in: text, limit: 1).first }
        }
        return offset.map { text.count - $0 - needle.count }
    }

    /// The search of Knuth, Morris and Pratt.
    private static func offsets(
        of needle: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, limit: Int
    ) -> [Int] {
        guard !needle.isEmpty, needle.count <= text.count, limit > 0 else { return [] }
        let borders = borders(of: needle)
        var found: [Int] = []
        var matched = 0
        for position in text.indices {
            let byte = text[position]
            while matched > 0, needle[matched] != byte { matched = borders[matched - 1] }
            if needle[matched] == byte { matched += 1 }
            guard matched == needle.count else { continue }
            found.append(position + 1 - matched)
            if found.count == limit { break }
            matched = 0
        }
        return found
    }

    /// For every prefix of the needle the length of its longest proper prefix that is also its suffix.
    private static func borders(of needle: UnsafeBufferPointer<UInt8>) -> [Int] {
        var borders = [Int](repeating: 0, count: needle.count)
        var length = 0
        for position in 1..<needle.count {
            while length > 0, needle[length] != needle[position] { length = borders[length - 1] }
            if needle[length] == needle[position] { length += 1 }
            borders[position] = length
        }
        return borders
    }
}
