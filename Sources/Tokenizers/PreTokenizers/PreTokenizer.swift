/// Splits a text into the pieces that the model encodes one by one.
struct PreTokenizer: Sendable {
    /// One step of splitting; each works on every piece of the one before.
    enum Step: Sendable {
        /// Split into all that a scanner finds.
        case scan(PatternScanner)
        /// Split at what is found.
        case split(Splitter)
        /// Put a space before a piece that does not begin with one.
        case prefixSpace
        /// Write spaces as another character.
        case metaspace(Metaspace)
    }

    var steps: [Step] = []

    /// Calls `body` with each piece of a valid UTF-8 text, in order; the bytes are valid during the call.
    ///
    /// - Parameter isFirst: Whether the text begins what the user gave, and is not what follows an added token.
    func forEachPiece(
        of text: UnsafeBufferPointer<UInt8>, isFirst: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        split(text, isFirst: isFirst, from: 0, body)
    }

    private func split(
        _ text: UnsafeBufferPointer<UInt8>, isFirst: Bool, from step: Int,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard step < steps.count else { return body(text) }
        func next(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>) {
            let piece = UnsafeBufferPointer(rebasing: text[range])
            split(piece, isFirst: isFirst && range.lowerBound == 0, from: step + 1, body)
        }
        switch steps[step] {
        case .scan(let scanner):
            let scanned = ScannedText(text)
            let isLast = step + 1 == steps.count
            var start = 0
            while start < text.count {
                let end = scanner.end(ofPieceAt: start, in: scanned)
                if isLast {
                    body(UnsafeBufferPointer(rebasing: text[start..<end]))
                } else {
                    next(start..<end, of: text)
                }
                start = end
            }
        case .split(let splitter): splitter.split(text) { next($0, of: text) }
        case .prefixSpace:
            if text.first == UInt8(ascii: " ") {
                split(text, isFirst: isFirst, from: step + 1, body)
            } else {
                ([UInt8(ascii: " ")] + text).withUnsafeBufferPointer {
                    split($0, isFirst: isFirst, from: step + 1, body)
                }
            }
        case .metaspace(let metaspace):
            func splitWords(_ text: UnsafeBufferPointer<UInt8>) {
                guard metaspace.splits else { return next(0..<text.count, of: text) }
                Splitter(finder: .literal(metaspace.replacement), behavior: .mergedWithNext).split(text) {
                    next($0, of: text)
                }
            }
            if let rewritten = metaspace.rewrite(text, isFirst: isFirst) {
                rewritten.withUnsafeBufferPointer(splitWords)
            } else {
                splitWords(text)
            }
        }
    }
}
