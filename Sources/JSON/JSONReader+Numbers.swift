extension JSONReader {
    /// A number as it stands in the text.
    struct NumberToken {
        /// Where its text is.
        var range: Range<Int>
        /// Its value when it has neither fraction nor exponent and fits `Int`.
        var integer: Int?
        /// Whether it has neither fraction nor exponent.
        var isIntegral: Bool
    }

    /// Reads a number as a double.
    public mutating func readDouble() throws(JSONError) -> Double {
        try double(of: scanNumber())
    }

    /// Reads a number that must be an integer that fits `Int`; `3.0` and `3e2` are integers too.
    public mutating func readInt() throws(JSONError) -> Int {
        let token = try scanNumber()
        if let value = token.integer { return value }
        if !token.isIntegral, let value = Int(exactly: try double(of: token)) { return value }
        let text = String(decoding: bytes[token.range], as: UTF8.self)
        throw JSONError(offset: token.range.lowerBound, reason: "expected an integer, found \(text)")
    }

    /// Consumes a number, checking its syntax.
    mutating func scanNumber() throws(JSONError) -> NumberToken {
        skipSpace()
        let start = position
        let isNegative = take(UInt8(ascii: "-"))
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let firstDigit = position
        let integerDigits = skipDigits()
        guard integerDigits > 0, !(leadingZero && integerDigits > 1) else { throw error("expected a number") }
        let integer = integer(of: firstDigit..<position, isNegative: isNegative)
        var isIntegral = true
        if take(UInt8(ascii: ".")) {
            isIntegral = false
            if skipDigits() == 0 { throw error("expected a digit after '.'") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isIntegral = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            if skipDigits() == 0 { throw error("expected an exponent") }
        }
        return NumberToken(
            range: start..<position, integer: isIntegral ? integer : nil, isIntegral: isIntegral)
    }

    /// The double nearest to a number's text.
    func double(of token: NumberToken) throws(JSONError) -> Double {
        guard let value = Double(String(decoding: bytes[token.range], as: UTF8.self)), value.isFinite else {
            throw JSONError(offset: token.range.lowerBound, reason: "number out of range")
        }
        return value
    }

    private func integer(of digits: Range<Int>, isNegative: Bool) -> Int? {
        var value = 0
        for index in digits {
            let digit = Int(bytes[index] &- UInt8(ascii: "0"))
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) =
                isNegative
                ? scaled.subtractingReportingOverflow(digit) : scaled.addingReportingOverflow(digit)
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] >= UInt8(ascii: "0"),
            bytes[position] <= UInt8(ascii: "9")
        {
            position += 1
        }
        return position - start
    }

    private mutating func take(_ candidate: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == candidate else { return false }
        position += 1
        return true
    }
}
