/// Splits a text into the pieces that the model encodes one by one.
struct PreTokenizer: Sendable, Hashable {
    /// One step of splitting; each works on every piece of the one before.
    enum Step: Sendable, Hashable {
        /// Split by a pattern.
        case scan(PatternScanner)
        /// Put a space before a piece that does not begin with one.
        case prefixSpace
    }

    var steps: [Step] = []

    /// Calls `body` with each piece of a valid UTF-8 text, in order; the bytes are valid during the call.
    func forEachPiece(of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        split(text, from: 0, body)
    }

    private func split(
        _ text: UnsafeBufferPointer<UInt8>, from step: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard step < steps.count else { return body(text) }
        switch steps[step] {
        case .scan(let scanner):
            let scanned = ScannedText(text)
            let isLast = step + 1 == steps.count
            var start = 0
            while start < text.count {
                let end = scanner.end(ofPieceAt: start, in: scanned)
                let piece = UnsafeBufferPointer(rebasing: text[start..<end])
                if isLast { body(piece) } else { split(piece, from: step + 1, body) }
                start = end
            }
        case .prefixSpace:
            if text.first == UInt8(ascii: " ") {
                split(text, from: step + 1, body)
            } else {
                ([UInt8(ascii: " ")] + text).withUnsafeBufferPointer { split($0, from: step + 1, body) }
            }
        }
    }
}
