/// Splits a text at what it finds.
struct Splitter: Sendable {
    /// What is found.
    enum Finder: Sendable {
        /// A text.
        case literal([UInt8])
        /// What a pattern matches.
        case expression(RegularExpression)
        /// What a scanner finds: everything.
        case scanner(PatternScanner)
        /// Each character of white space.
        case whitespace
        /// Each punctuation mark, of Unicode and of ASCII: see `LibraryUnicode`.
        case punctuation
    }

    /// What becomes of what is found.
    enum Behavior: String, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    var finder: Finder
    var behavior: Behavior
    /// Whether what is between is found instead.
    var isInverted = false

    /// Calls `body` with the pieces of a text in order.
    func split(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        switch behavior {
        case .removed: forEachPart(of: text) { if !$1 { body($0) } }
        case .isolated: forEachPart(of: text) { range, _ in body(range) }
        case .contiguous: merge(text, body) { $0 == $1 }
        case .mergedWithPrevious: merge(text, body) { $0 && !$1 }
        case .mergedWithNext: splitBeforeMatches(text, body)
        }
    }

    /// Joins a part to the one before it where `joins` says so.
    private func merge(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void,
        joins: (_ isMatch: Bool, _ wasMatch: Bool) -> Bool
    ) {
        var pending: Range<Int>?
        var wasMatch = false
        forEachPart(of: text) { range, isMatch in
            if let open = pending, joins(isMatch, wasMatch) {
                pending = open.lowerBound..<range.upperBound
            } else {
                if let open = pending { body(open) }
                pending = range
            }
            wasMatch = isMatch
        }
        if let pending { body(pending) }
    }

    /// A match begins the piece that goes on with what follows it; of several in a row the last.
    private func splitBeforeMatches(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        var match: Range<Int>?
        forEachPart(of: text) { range, isMatch in
            if isMatch {
                if let match { body(match) }
                match = range
            } else {
                body((match?.lowerBound ?? range.lowerBound)..<range.upperBound)
                match = nil
            }
        }
        if let match { body(match) }
    }

    /// Calls `body` with all parts of a text in order, none empty, and whether each is a match.
    private func forEachPart(of text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>, Bool) -> Void) {
        var end = 0
        forEachMatch(in: text) { match in
            if end < match.lowerBound { body(end..<match.lowerBound, isInverted) }
            body(match, !isInverted)
            end = match.upperBound
        }
        if end < text.count { body(end..<text.count, isInverted) }
    }

    private func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        switch finder {
        case .literal(let literal):
            var index = 0
            while index + literal.count <= text.count {
                if text[index] == literal[0], text[index..<index + literal.count].elementsEqual(literal) {
                    body(index..<index + literal.count)
                    index += literal.count
                } else {
                    index += 1
                }
            }
        case .expression(let expression): expression.forEachMatch(in: text, body)
        case .scanner(let scanner):
            let scanned = ScannedText(text)
            var start = 0
            while start < text.count {
                let end = scanner.end(ofPieceAt: start, in: scanned)
                body(start..<end)
                start = end
            }
        case .whitespace: forEachScalar(in: text, where: Self.isWhitespace, body)
        case .punctuation: forEachScalar(in: text, where: Self.isPunctuation, body)
        }
    }

    private func forEachScalar(
        in text: UnsafeBufferPointer<UInt8>, where isMatch: (UInt32) -> Bool, _ body: (Range<Int>) -> Void
    ) {
        var index = 0
        while index < text.count {
            let (value, length) = UTF8Text.scalar(at: index, in: text)
            if isMatch(value) { body(index..<index + length) }
            index += length
        }
    }

    private static func isWhitespace(_ value: UInt32) -> Bool {
        if value < 0x80 { return value == 0x20 || (0x09...0x0D).contains(value) }
        return Unicode.Scalar(value)?.properties.isWhitespace == true
    }

    private static func isPunctuation(_ value: UInt32) -> Bool {
        Unicode.Scalar(value).map(LibraryUnicode.isPunctuation) ?? false
    }
}
