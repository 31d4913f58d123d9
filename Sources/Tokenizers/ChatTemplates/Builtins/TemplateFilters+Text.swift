extension TemplateFilters {
    static let ofText: [String: Filter] = [
        "upper": ofWholeText("upper") { PythonText.upper($0) },
        "lower": ofWholeText("lower") { PythonText.lower($0) },
        "capitalize": ofWholeText("capitalize") { PythonText.capitalize($0) },
        "title": ofWholeText("title") { titled($0) },
        "string": ofWholeText("string") { $0 },
        "safe": ofWholeText("safe") { $0 },
        "escape": ofWholeText("escape") { escaped($0) },
        "e": ofWholeText("e") { escaped($0) },
        "forceescape": ofWholeText("forceescape") { escaped($0) },
        "wordcount": plain("wordcount") { interpreter, value throws(ChatTemplateError) in
            let text = try interpreter.text(of: value)
            try interpreter.charge(text)
            return .int(wordCount(text))
        },
        "trim": trim, "replace": replace, "indent": indent, "format": format, "tojson": toJSON,
        "truncate": truncate, "center": center,
    ]

    /// Words begin after white space, `-` and opening brackets.
    private static func titled(_ text: String) -> String {
        var result = ""
        var word = String.UnicodeScalarView()
        func flush() {
            if let first = word.first {
                result +=
                    PythonText.upper(String(first))
                    + PythonText.lower(String(String.UnicodeScalarView(word.dropFirst())))
            }
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if PythonText.isSpace(scalar) || "-({[<".unicodeScalars.contains(scalar) {
                flush()
                result.unicodeScalars.append(scalar)
            } else {
                word.append(scalar)
            }
        }
        flush()
        return result
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "'": result += "&#39;"
            case "\"": result += "&#34;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func wordCount(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let isWord = scalar == "_" || PythonText.isLetter(scalar) || PythonText.isNumeric(scalar)
            if isWord, !isInWord { count += 1 }
            isInWord = isWord
        }
        return count
    }

    // MARK: Filters with arguments

    private static let trim: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["chars"], of: "trim", interpreter)
        let text = try interpreter.text(of: value)
        try interpreter.charge(text)
        return try interpreter.string(try TemplateMethods.stripped(text, values[0], interpreter))
    }

    private static let replace: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["old", "new", "count"], required: 2, of: "replace", interpreter)
        let text = try interpreter.text(of: value)
        let old = try interpreter.text(of: values[0] ?? .none)
        let new = try interpreter.text(of: values[1] ?? .none)
        let isLimited = !(values[2]?.isNone ?? true)
        let limit = isLimited ? try interpreter.integer(values[2], "count") : nil
        return try TemplateMethods.replaced(text, old, new, limit: limit, interpreter)
    }

    private static let indent: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["width", "first", "blank"], of: "indent", interpreter)
        guard let text = value.text else {
            if case .undefined(let reason) = value { throw interpreter.failure(reason) }
            throw interpreter.failure("'indent' expects a text, found a value of type \(value.typeName)")
        }
        let indentation = try TemplateFilters.indentation(values[0], default: 4, interpreter)
        let lines = PythonText.lines(text + "\n")
        try interpreter.charge(text)
        try interpreter.chargeProduct(indentation.utf8.count, lines.count, per: 32)
        let indentsBlank = values[2]?.isTrue ?? false
        var result = values[1]?.isTrue ?? false ? indentation : ""
        for (number, line) in lines.enumerated() {
            if number > 0 {
                result += "\n"
                if indentsBlank || !line.isEmpty { result += indentation }
            }
            result += line
        }
        return try interpreter.string(result)
    }

    /// The text to indent by, from a number of blanks or a text.
    static func indentation(
        _ width: RuntimeValue?, default count: Int, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> String {
        if let text = width?.text { return text }
        let count = max(try interpreter.integer(width, "width") ?? count, 0)
        try interpreter.charge(count >> 5)
        return String(repeating: " ", count: count)
    }

    private static let format: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let text = try interpreter.text(of: value)
        guard arguments.named.isEmpty || arguments.positional.isEmpty else {
            throw interpreter.failure("'format' expects arguments by position or by name, found both")
        }
        if arguments.named.isEmpty {
            return try interpreter.format(text, try interpreter.tuple(arguments.positional))
        }
        let members = arguments.named.map { (key: RuntimeValue.string($0.name), value: $0.value) }
        return try interpreter.format(text, try interpreter.dictionary(members))
    }

    private static let truncate: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["length", "killwords", "end", "leeway"], of: "truncate", interpreter)
        guard let text = try interpreter.string(value, "value") else { return value }
        let length = try interpreter.integer(values[0], "length") ?? 255
        let end = try interpreter.string(values[2], "end") ?? "..."
        let leeway = try interpreter.integer(values[3]?.isNone ?? true ? nil : values[3], "leeway") ?? 5
        let endCount = end.unicodeScalars.count
        guard length >= endCount, leeway >= 0 else {
            throw interpreter.failure(
                "'truncate' expects a length of at least \(endCount) and no negative leeway")
        }
        guard text.unicodeScalars.count > length.addingReportingOverflow(leeway).partialValue else {
            return value
        }
        let kept = String(String.UnicodeScalarView(text.unicodeScalars.prefix(length - endCount)))
        if values[1]?.isTrue ?? false { return try interpreter.string(kept + end) }
        return try interpreter.string(PythonText.splitFromRight(kept, separator: " ", limit: 1)[0] + end)
    }

    private static let center: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(to: ["width"], of: "center", interpreter)
        let width = try interpreter.integer(values[0], "width") ?? 80
        return try TemplateMethods.centered(try interpreter.text(of: value), width, " ", interpreter)
    }

    private static let toJSON: Filter = { interpreter, value, arguments throws(ChatTemplateError) in
        let values = try arguments.bound(
            to: ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson", interpreter)
        var style = JSONStyle()
        style.ensuresASCII = values[0]?.isTrue ?? false
        style.sortsKeys = values[3]?.isTrue ?? false
        if let indent = values[1], !indent.isNone {
            style.indent = try indentation(indent, default: 0, interpreter)
            style.itemSeparator = ","
        }
        if let separators = values[2], !separators.isNone {
            let parts = try interpreter.elements(of: separators, for: "'separators'")
            guard parts.count == 2, let item = parts[0].text, let key = parts[1].text else {
                throw interpreter.failure("'separators' expects two texts")
            }
            (style.itemSeparator, style.keySeparator) = (item, key)
        }
        return try interpreter.string(try interpreter.json(value, style: style))
    }
}
