@_spi(_Unicode) import Swift

/// Unicode Normalization Forms C and D of UTF-8 texts, with the standard library's tables.
enum CanonicalForms {
    /// The text in Form D, or nil when it is in it already.
    static func decompose(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        // Nothing decomposes below U+00C0, whose first byte is 0xC3.
        guard text.contains(where: { $0 >= 0xC3 }) else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        forEachStretch(of: text) { stretch in
            for scalar in ordered(stretch)._nfd {
                result.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
            }
        } newer: {
            result.append(contentsOf: UTF8.encode($0).unsafelyUnwrapped)
        }
        return result
    }

    /// The text in Form C, or nil when it is in it already.
    static func compose(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        if isComposed(text) { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var copied = 0
        var index = 0
        while index < text.count {
            guard text[index] >= 0x80 else {
                index += 1
                continue
            }
            // An ASCII character takes part in a composition only as its first character, so each stretch of others
            // together with the one before it can be treated alone.
            let start = max(copied, index - 1)
            while index < text.count, text[index] >= 0x80 { index += 1 }
            let stretch = UnsafeBufferPointer(rebasing: text[start..<index])
            if isComposed(stretch) { continue }
            result.append(contentsOf: text[copied..<start])
            appendComposed(stretch, to: &result)
            copied = index
        }
        result.append(contentsOf: text[copied...])
        return result
    }

    /// Whether a text certainly is in Form C.
    private static func isComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        // Below U+0300, whose first byte is 0xCC, nothing composes or decomposes.
        guard text.contains(where: { $0 >= 0xCC }) else { return true }
        guard var span = try? UTF8Span(validating: text.span) else { return true }
        return span.checkForNFC(quickCheck: true)
    }

    private static func appendComposed(_ text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        forEachStretch(of: text) { stretch in
            for scalar in ordered(stretch)._nfc {
                result.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)
            }
        } newer: {
            result.append(contentsOf: UTF8.encode($0).unsafelyUnwrapped)
        }
    }

    /// Cuts a text at the characters that the library does not know, which nothing around them combines with.
    private static func forEachStretch(
        of text: UnsafeBufferPointer<UInt8>, _ body: (String) -> Void, newer: (Unicode.Scalar) -> Void
    ) {
        let whole = String(decoding: text, as: UTF8.self)
        var stretch = ""
        for scalar in whole.unicodeScalars {
            if LibraryUnicode.isNormalized(scalar) {
                stretch.unicodeScalars.append(scalar)
            } else {
                body(stretch)
                stretch = ""
                newer(scalar)
            }
        }
        body(stretch)
    }

    /// The text with its combining marks in canonical order, which it is equivalent to.
    ///
    /// The standard library sorts marks by insertion, so that a long run of them out of order would take quadratic time;
    /// sorted ones take linear time.
    private static func ordered(_ text: String) -> String {
        var result = ""
        /// Of each mark of a run, from the top: 8 bits of combining class, 35 of its place, 21 of its value.
        var run: [UInt64] = []
        func append(_ scalar: Unicode.Scalar) {
            let combiningClass = UInt64(scalar.properties.canonicalCombiningClass.rawValue)
            if combiningClass > 0 {
                run.append(combiningClass << 56 | UInt64(run.count) << 21 | UInt64(scalar.value))
            } else {
                flush()
                result.unicodeScalars.append(scalar)
            }
        }
        func flush() {
            run.sort()
            for key in run {
                if let scalar = Unicode.Scalar(UInt32(key & 0x1F_FFFF)) {
                    result.unicodeScalars.append(scalar)
                }
            }
            run.removeAll(keepingCapacity: true)
        }
        for scalar in text.unicodeScalars {
            // The only characters without a combining class that are made of marks alone.
            let marks: (Unicode.Scalar, Unicode.Scalar)? =
                switch scalar {
                case "\u{F73}": ("\u{F71}", "\u{F72}")
                case "\u{F75}": ("\u{F71}", "\u{F74}")
                case "\u{F81}": ("\u{F71}", "\u{F80}")
                default: nil
                }
            if let marks {
                append(marks.0)
                append(marks.1)
            } else {
                append(scalar)
            }
        }
        flush()
        return result
    }
}
