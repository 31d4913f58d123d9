extension TemplateLexer {
    /// Reads a string literal with Python's escapes; an unknown escape stays as it is written.
    mutating func lexString(quote: Unicode.Scalar) throws(ChatTemplateError) {
        let startLine = line
        var text = String.UnicodeScalarView()
        position += 1
        while position < scalars.count, scalars[position] != quote {
            if scalars[position] == "\\", position + 1 < scalars.count {
                position += 1
                try lexEscape(into: &text)
            } else {
                if scalars[position] == "\n" { line += 1 }
                text.append(scalars[position])
                position += 1
            }
        }
        guard position < scalars.count else {
            throw ChatTemplateError(
                .syntax, line: startLine,
                "expected the string's closing \(quote), found the end of the template")
        }
        position += 1
        tokens.append(TemplateToken(kind: .string(String(text)), line: startLine))
    }

    /// Reads what follows a backslash.
    private mutating func lexEscape(into text: inout String.UnicodeScalarView) throws(ChatTemplateError) {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "\n": line += 1
        case "\\", "'", "\"": text.append(scalar)
        case "a": text.append("\u{07}")
        case "b": text.append("\u{08}")
        case "f": text.append("\u{0C}")
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "v": text.append("\u{0B}")
        case "x": text.append(try hexadecimal(2))
        case "u": text.append(try hexadecimal(4))
        case "U": text.append(try hexadecimal(8))
        case "N":
            throw ChatTemplateError(.unsupported, line: line, "the string escape '\\N{...}' is not supported")
        case "0"..."7":
            var value = scalar.value - 48
            var count = 1
            while count < 3, position < scalars.count, ("0"..."7").contains(scalars[position]) {
                value = value * 8 + scalars[position].value - 48
                position += 1
                count += 1
            }
            if let escaped = Unicode.Scalar(value) { text.append(escaped) }
        default:
            text.append("\\")
            text.append(scalar)
        }
    }

    private mutating func hexadecimal(_ count: Int) throws(ChatTemplateError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard position < scalars.count, let digit = PythonText.digitValue(scalars[position]), digit < 16
            else {
                throw ChatTemplateError(
                    .syntax, line: line, "a string escape is expected to have \(count) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw ChatTemplateError(
                .unsupported, line: line,
                "the string escape for U+\(String(value, radix: 16)) is not a Unicode character")
        }
        return scalar
    }
}
