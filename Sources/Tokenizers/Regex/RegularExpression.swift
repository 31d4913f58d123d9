/// A regular expression of a tokenizer.json for which there is no scanner.
///
/// An engine of our own, for the part of Oniguruma's syntax that tokenizers use: the libraries that know look-ahead,
/// atomic groups and Unicode properties (PCRE2, Oniguruma, ICU) are system libraries, which this package does not depend
/// on, and the standard library's `Regex` needs a microsecond for each character. What the engine does not know is an
/// error when the tokenizer is loaded, not another result. It is a few times slower than ``PatternScanner``.
///
/// Known are characters, classes with `&&` and nested classes, `\p{..}` of general categories and three scripts, `\s \d \w \h`,
/// groups, alternatives, greedy, lazy and possessive quantifiers, atomic groups, look-ahead, look-behind of bounded
/// length, `^ $ \A \z \Z \b \B`, and the options `i` and `m`. Not known are references to groups, conditions, POSIX classes, and
/// unbounded repetition of what may be empty.
final class RegularExpression: Sendable {
    /// The pattern as written.
    let pattern: String
    private let program: RegexProgram

    init(_ pattern: String) throws(RegexError) {
        self.pattern = pattern
        program = try RegexProgram(pattern)
    }

    /// Calls `body` with each match in a valid UTF-8 text in order; matches of nothing are passed over.
    func forEachMatch(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        let matcher = RegexMatcher(program, text)
        var start = 0
        while start < text.count {
            if let end = matcher.end(ofMatchAt: start), end > start {
                body(start..<end)
                start = end
            } else {
                start += UTF8Text.scalar(at: start, in: text).length
            }
        }
    }
}
