/// Splits a template into tokens with the white-space rules that Hugging Face sets for chat templates:
/// `trim_blocks` (a newline after a block or comment goes), `lstrip_blocks` (blanks before a block or comment that
/// begins a line go), one newline at the end of the template goes.
struct TemplateLexer {
    var scalars: [Unicode.Scalar]
    var position = 0
    var line = 1
    var tokens: [TemplateToken] = []

    /// A lexer over `source`, whose line ends all become `\n`.
    init(_ source: String) throws(ChatTemplateError) {
        guard source.utf8.count <= ChatTemplateLimits.sourceBytes else {
            throw ChatTemplateError(
                .limitExceeded, line: 1,
                "the template has \(source.utf8.count) bytes, at most \(ChatTemplateLimits.sourceBytes) are read"
            )
        }
        scalars = Self.normalizedNewlines(source)
        if scalars.last == "\n" { scalars.removeLast() }
    }

    /// All tokens, the last one being `.end`.
    static func tokens(of source: String) throws(ChatTemplateError) -> [TemplateToken] {
        var lexer = try TemplateLexer(source)
        while lexer.position < lexer.scalars.count { try lexer.lexText() }
        lexer.emit(.end)
        return lexer.tokens
    }

    private static func normalizedNewlines(_ source: String) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(source.utf8.count)
        var afterReturn = false
        for scalar in source.unicodeScalars {
            if scalar == "\r" {
                result.append("\n")
            } else if !(scalar == "\n" && afterReturn) {
                result.append(scalar)
            }
            afterReturn = scalar == "\r"
        }
        return result
    }

    // MARK: Text

    /// Reads text up to the next tag, and the tag.
    private mutating func lexText() throws(ChatTemplateError) {
        let start = position
        let startsLine = start == 0 || scalars[start - 1] == "\n"
        while position < scalars.count, !beginsTag(position) { position += 1 }
        guard position < scalars.count else {
            emitText(start..<position, startsLine: startsLine, sign: nil, strippingLine: false)
            return
        }
        let opening = scalars[position + 1]
        let sign = sign(at: position + 2)
        emitText(start..<position, startsLine: startsLine, sign: sign, strippingLine: opening != "{")
        switch opening {
        case "#": try lexComment(signed: sign != nil)
        case "{": try lexTag(closing: "}", begin: .outputBegin, end: .outputEnd, signed: sign != nil)
        default:
            if let body = wordTag("raw", at: position, trimsNewline: false) {
                try lexRaw(from: body)
            } else {
                try lexTag(closing: "%", begin: .blockBegin, end: .blockEnd, signed: sign != nil)
            }
        }
    }

    private func beginsTag(_ index: Int) -> Bool {
        guard scalars[index] == "{", index + 1 < scalars.count else { return false }
        let next = scalars[index + 1]
        return next == "{" || next == "%" || next == "#"
    }

    private func sign(at index: Int) -> Unicode.Scalar? {
        guard index < scalars.count, scalars[index] == "-" || scalars[index] == "+" else { return nil }
        return scalars[index]
    }

    /// Emits the text before a tag, trimmed as the tag's sign and the rules say.
    private mutating func emitText(
        _ range: Range<Int>, startsLine: Bool, sign: Unicode.Scalar?, strippingLine: Bool
    ) {
        var end = range.upperBound
        while end > range.lowerBound, PythonText.isSpace(scalars[end - 1]) {
            if sign != "-", !(sign == nil && strippingLine) || scalars[end - 1] == "\n" { break }
            end -= 1
        }
        let reachesLineStart =
            end == range.lowerBound ? startsLine : scalars[end - 1] == "\n"
        if sign != "-", !reachesLineStart { end = range.upperBound }
        if end > range.lowerBound {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars[range.lowerBound..<end])
            emit(.text(String(text)))
        }
        countLines(range)
    }

    // MARK: Comments and raw blocks

    private mutating func lexComment(signed: Bool) throws(ChatTemplateError) {
        let start = position
        position += signed ? 3 : 2
        let body = position
        while position < scalars.count {
            guard matches("#}", at: position) else {
                position += 1
                continue
            }
            let mark = position > body ? scalars[position - 1] : nil
            position += 2
            if mark == "-" {
                position = spaceEnd(position)
            } else if mark != "+", position < scalars.count, scalars[position] == "\n" {
                position += 1
            }
            countLines(start..<position)
            return
        }
        throw ChatTemplateError(.syntax, line: line, "expected '#}', found the end of the template")
    }

    private mutating func lexRaw(from body: Int) throws(ChatTemplateError) {
        let startsLine = scalars[body - 1] == "\n"
        countLines(position..<body)
        position = body
        while position < scalars.count {
            if matches("{%", at: position), let end = wordTag("endraw", at: position, trimsNewline: true) {
                emitText(
                    body..<position, startsLine: startsLine, sign: sign(at: position + 2), strippingLine: true
                )
                countLines(position..<end)
                position = end
                return
            }
            position += 1
        }
        throw ChatTemplateError(.syntax, line: line, "expected '{% endraw %}', found the end of the template")
    }

    /// Where a tag that holds only `word` ends, or nil when another tag begins at `index`.
    private func wordTag(_ word: String, at index: Int, trimsNewline: Bool) -> Int? {
        var index = index + 2
        if sign(at: index) != nil { index += 1 }
        index = spaceEnd(index)
        guard matches(word, at: index) else { return nil }
        index = spaceEnd(index + word.unicodeScalars.count)
        if matches("-%}", at: index) { return spaceEnd(index + 3) }
        if trimsNewline, matches("+%}", at: index) { return index + 3 }
        guard matches("%}", at: index) else { return nil }
        index += 2
        return trimsNewline && index < scalars.count && scalars[index] == "\n" ? index + 1 : index
    }

    // MARK: Helpers

    mutating func emit(_ kind: TemplateToken.Kind) { tokens.append(TemplateToken(kind: kind, line: line)) }

    mutating func countLines(_ range: Range<Int>) {
        for index in range where scalars[index] == "\n" { line += 1 }
    }

    func matches(_ text: String, at index: Int) -> Bool {
        var index = index
        for scalar in text.unicodeScalars {
            guard index < scalars.count, scalars[index] == scalar else { return false }
            index += 1
        }
        return true
    }

    func spaceEnd(_ index: Int) -> Int {
        var index = index
        while index < scalars.count, PythonText.isSpace(scalars[index]) { index += 1 }
        return index
    }
}
