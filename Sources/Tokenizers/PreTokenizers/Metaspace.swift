/// Writes spaces as a visible character, `▁` as a rule, and splits before each: the words of SentencePiece.
struct Metaspace: Sendable {
    /// Which pieces get one at their start.
    enum Prefix: String, Sendable {
        case always
        /// The piece that begins the text.
        case first
        case never
    }

    /// The character for a space in UTF-8.
    var replacement: [UInt8]
    var prefix: Prefix
    var splits: Bool

    /// The piece with its spaces written so, or nil when nothing changes.
    func rewrite(_ text: UnsafeBufferPointer<UInt8>, isFirst: Bool) -> [UInt8]? {
        let space = UInt8(ascii: " ")
        let wantsPrefix =
            switch prefix {
            case .always: true
            case .first: isFirst
            case .never: false
            }
        let isPrefixed =
            wantsPrefix && !text.isEmpty && text.first != space && !text.starts(with: replacement)
        guard isPrefixed || text.contains(space) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + text.count / 2 + replacement.count)
        if isPrefixed { result.append(contentsOf: replacement) }
        for byte in text {
            if byte == space { result.append(contentsOf: replacement) } else { result.append(byte) }
        }
        return result
    }
}
