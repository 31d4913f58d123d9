extension PatternScanner {
    static func words(_ text: ScannedText, _ index: Int, _ rules: WordRules) -> Int {
        if let end = text.contraction(at: index, anyCase: true) { return end }
        let wordKinds: ScalarClass = rules.joinsMarks ? [.letter, .mark] : .letter
        let (kind, length) = text.character(at: index)
        // `[^\r\n\p{L}\p{N}]?\p{L}+`: a word may begin with one character of another kind.
        if !kind.isDisjoint(with: wordKinds) { return text.end(of: wordKinds, from: index + length) }
        if kind.isDisjoint(with: [.lineEnd, .number]) {
            let end = text.end(of: wordKinds, from: index + length)
            if end > index + length { return end }
        }
        if let end = text.numbers(at: index, limit: rules.maximumDigits) { return end }
        if let end = text.symbols(at: index, excluding: [wordKinds, .number, .whitespace]) {
            return text.end(of: .lineEnd, from: end)
        }
        return text.whitespace(at: index, splitsLines: true)
    }
}
