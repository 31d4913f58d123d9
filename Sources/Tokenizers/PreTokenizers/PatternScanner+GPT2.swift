extension PatternScanner {
    static func gpt2(_ text: ScannedText, _ index: Int) -> Int {
        if let end = text.contraction(at: index, anyCase: false) { return end }
        let start = text.has(UInt8(ascii: " "), at: index) ? index + 1 : index
        if start < text.count {
            // ` ?\p{L}+`, ` ?\p{N}+`
            let (kind, length) = text.character(at: start)
            if !kind.isDisjoint(with: .letter) { return text.end(of: .letter, from: start + length) }
            if kind == .number { return text.end(of: .number, from: start + length) }
        }
        return text.symbols(at: index, excluding: [.letter, .number, .whitespace])
            ?? text.whitespace(at: index, splitsLines: false)
    }
}
