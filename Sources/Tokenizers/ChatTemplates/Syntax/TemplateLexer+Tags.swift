extension TemplateLexer {
    /// Reads the inside of `{{ }}` or `{% %}`, whose end begins with `closing`.
    mutating func lexTag(
        closing: Unicode.Scalar, begin: TemplateToken.Kind, end: TemplateToken.Kind, signed: Bool
    ) throws(ChatTemplateError) {
        emit(begin)
        position += signed ? 3 : 2
        var open: [TemplateOperator] = []
        while position < scalars.count {
            if open.isEmpty, let next = tagEnd(closing) {
                emit(end)
                countLines(position..<next)
                position = next
                return
            }
            let scalar = scalars[position]
            if PythonText.isSpace(scalar) {
                if scalar == "\n" { line += 1 }
                position += 1
            } else if isDigit(position) {
                try lexNumber()
            } else if isWord(scalar) {
                try lexName()
            } else if scalar == "'" || scalar == "\"" {
                try lexString(quote: scalar)
            } else {
                try lexOperator(&open)
            }
        }
        let expected = open.last?.closing?.rawValue ?? (closing == "}" ? "}}" : "%}")
        throw ChatTemplateError(.syntax, line: line, "expected '\(expected)', found the end of the template")
    }

    /// Where the tag's end mark at the current place ends, with the white space that it trims.
    private func tagEnd(_ closing: Unicode.Scalar) -> Int? {
        let mark = closing == "}" ? "}}" : "%}"
        if matches("-" + mark, at: position) { return spaceEnd(position + 3) }
        if closing == "%", matches("+%}", at: position) { return position + 3 }
        guard matches(mark, at: position) else { return nil }
        let next = position + 2
        return closing == "%" && next < scalars.count && scalars[next] == "\n" ? next + 1 : next
    }

    private mutating func lexOperator(_ open: inout [TemplateOperator]) throws(ChatTemplateError) {
        guard let symbol = TemplateOperator.allCases.first(where: { matches($0.rawValue, at: position) })
        else {
            throw ChatTemplateError(
                .syntax, line: line, "expected an expression, found the character '\(scalars[position])'")
        }
        if symbol.closing != nil {
            open.append(symbol)
        } else if symbol.isClosing {
            let expected = open.popLast()?.closing
            guard expected == symbol else {
                let wanted = expected.map { "expected '\($0.rawValue)', found" } ?? "nothing is open for"
                throw ChatTemplateError(.syntax, line: line, "\(wanted) '\(symbol.rawValue)'")
            }
        }
        emit(.symbol(symbol))
        position += symbol.rawValue.utf8.count
    }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "_" || PythonText.isASCIIAlphanumeric(scalar) }
        return PythonText.isLetter(scalar) || PythonText.isNumeric(scalar)
    }

    private mutating func lexName() throws(ChatTemplateError) {
        var name = String.UnicodeScalarView()
        while position < scalars.count, isWord(scalars[position]) {
            name.append(scalars[position])
            position += 1
        }
        guard name.first.map({ $0 == "_" || $0.properties.isXIDStart }) ?? false,
            name.allSatisfy({ $0.properties.isXIDContinue })
        else {
            throw ChatTemplateError(.syntax, line: line, "'\(String(name))' is not a name")
        }
        emit(.name(String(name)))
    }

    // MARK: Numbers

    private func isDigit(_ index: Int) -> Bool {
        index < scalars.count && ("0"..."9").contains(scalars[index])
    }

    /// The end of digits that may have single underscores between them.
    private func digitsEnd(_ index: Int, where isDigit: (Unicode.Scalar) -> Bool) -> Int {
        var index = index
        while index < scalars.count {
            if isDigit(scalars[index]) {
                index += 1
            } else if scalars[index] == "_", index + 1 < scalars.count, isDigit(scalars[index + 1]) {
                index += 2
            } else {
                break
            }
        }
        return index
    }

    private mutating func lexNumber() throws(ChatTemplateError) {
        if let end = floatEnd() {
            guard let value = Double(digits(position..<end)) else {
                throw ChatTemplateError(.syntax, line: line, "expected a number")
            }
            emit(.float(value))
            position = end
            return
        }
        var radix = 10
        var start = position
        var end = position
        if scalars[position] == "0", position + 1 < scalars.count {
            switch scalars[position + 1] {
            case "b", "B": radix = 2
            case "o", "O": radix = 8
            case "x", "X": radix = 16
            default: break
            }
        }
        if radix != 10 {
            start = position + 2
            if start < scalars.count, scalars[start] == "_" { start += 1 }
            end = digitsEnd(start) { PythonText.digitValue($0).map { $0 < radix } ?? false }
        }
        if end <= start {
            radix = 10
            start = position
            let zero = scalars[start] == "0"
            end = digitsEnd(start) { zero ? $0 == "0" : ("0"..."9").contains($0) }
        }
        guard let value = Int(digits(start..<end), radix: radix) else {
            throw ChatTemplateError(.limitExceeded, line: line, "an integer has more than 64 bits")
        }
        emit(.integer(value))
        position = end
    }

    private func digits(_ range: Range<Int>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[range].lazy.filter { $0 != "_" })
        return String(text)
    }

    /// Where a number with a fraction or an exponent ends; nil when there is none here, or a `.` comes before it.
    private func floatEnd() -> Int? {
        if position > 0, scalars[position - 1] == "." { return nil }
        let isDigit = { (scalar: Unicode.Scalar) in ("0"..."9").contains(scalar) }
        var end = digitsEnd(position, where: isDigit)
        var isFloat = false
        if end < scalars.count, scalars[end] == ".", self.isDigit(end + 1) {
            end = digitsEnd(end + 1, where: isDigit)
            isFloat = true
        }
        if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
            var exponent = end + 1
            if exponent < scalars.count, scalars[exponent] == "+" || scalars[exponent] == "-" {
                exponent += 1
            }
            if self.isDigit(exponent) {
                end = digitsEnd(exponent, where: isDigit)
                isFloat = true
            }
        }
        return isFloat ? end : nil
    }
}
