/// What stands beside a place in a UTF-8 text: word characters and white space, for the flags of added tokens.
enum TextBoundary {
    /// Whether a word character stands right before or right after a range.
    static func touchesWord(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if let (scalar, _) = scalar(before: range.lowerBound, in: text), isWord(scalar) { return true }
        if let (scalar, _) = scalar(at: range.upperBound, in: text), isWord(scalar) { return true }
        return false
    }

    /// The start of the white space that ends at `position`, but nothing before `limit`.
    static func spaceStart(
        before position: Int, notBefore limit: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> Int {
        var position = position
        while position > limit, let (scalar, start) = scalar(before: position, in: text),
            scalar.properties.isWhitespace
        {
            position = start
        }
        return position
    }

    /// The end of the white space that begins at `position`.
    static func spaceEnd(after position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var position = position
        while let (scalar, end) = scalar(at: position, in: text), scalar.properties.isWhitespace {
            position = end
        }
        return position
    }

    /// The `\w` of Unicode Technical Standard 18: alphabetic, marks, decimal digits, connectors, joiners.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
        default: scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }

    private static func scalar(
        before position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> (Unicode.Scalar, start: Int)? {
        var start = position - 1
        while start > 0, UTF8.isContinuation(text[start]) { start -= 1 }
        guard start >= 0, let (scalar, _) = scalar(at: start, in: text) else { return nil }
        return (scalar, start)
    }

    private static func scalar(
        at position: Int, in text: UnsafeBufferPointer<UInt8>
    ) -> (Unicode.Scalar, end: Int)? {
        var iterator = text[min(position, text.count)...].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, position + UTF8.width(scalar))
    }
}
