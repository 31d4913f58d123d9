extension PatternScanner {
    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`
    private static let head: ScalarClass = [.upper, .otherLetter, .mark]
    /// `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`
    private static let tail: ScalarClass = [.lower, .otherLetter, .mark]

    static func casedWords(_ text: ScannedText, _ index: Int) -> Int {
        let (kind, length) = text.character(at: index)
        // A word may begin with one character of another kind, a combining mark too; the alternative with it comes first.
        let afterPrefix =
            kind.isDisjoint(with: [.lineEnd, .number, .letter]) && index + length < text.count
            ? index + length : nil
        if let end = afterPrefix.flatMap({ lowerWord(text, $0) }) ?? lowerWord(text, index)
            ?? afterPrefix.flatMap({ upperWord(text, $0) }) ?? upperWord(text, index)
        {
            return text.contraction(at: end, anyCase: true) ?? end
        }
        if let end = text.numbers(at: index, limit: 3) { return end }
        if var end = text.symbols(at: index, excluding: [.letter, .number, .whitespace]) {
            while text.has(UInt8(ascii: "\r"), at: end) || text.has(UInt8(ascii: "\n"), at: end)
                || text.has(UInt8(ascii: "/"), at: end)
            {
                end += 1
            }
            return end
        }
        return text.whitespace(at: index, splitsLines: true)
    }

    /// `[head]*[tail]+`
    private static func lowerWord(_ text: ScannedText, _ start: Int) -> Int? {
        // Where the last character of the head that may be a tail as well ends: the engine gives characters back until
        // the tail has one.
        var lastShared: Int?
        var index = start
        while index < text.count {
            let (kind, length) = text.character(at: index)
            if kind.isDisjoint(with: head) { break }
            index += length
            if !kind.isDisjoint(with: tail) { lastShared = index }
        }
        let end = text.end(of: tail, from: index)
        return end > index ? end : lastShared
    }

    /// `[head]+[tail]*`
    private static func upperWord(_ text: ScannedText, _ start: Int) -> Int? {
        let end = text.end(of: head, from: start)
        return end > start ? text.end(of: tail, from: end) : nil
    }
}
