extension TemplateMethods {
    /// The methods of texts.
    static let ofText: [String: TextMethod] = ofTextCase.merging(ofTextPieces) { first, _ in first }
        .merging(ofTextSearch) { first, _ in first }

    /// Methods of Python's texts that are left out.
    static let unsupportedOfText: Set<String> = [
        "encode", "expandtabs", "format", "format_map", "isidentifier", "istitle", "maketrans", "translate",
    ]

    // MARK: Case and classes

    private static let ofTextCase: [String: TextMethod] = [
        "upper": plain("upper") { PythonText.upper($0) },
        "lower": plain("lower") { PythonText.lower($0) },
        "casefold": plain("casefold") { PythonText.lower($0) },
        "title": plain("title") { PythonText.title($0) },
        "capitalize": plain("capitalize") { PythonText.capitalize($0) },
        "swapcase": plain("swapcase") { PythonText.swapCase($0) },
        "isupper": check("isupper") { PythonText.isUpper($0) },
        "islower": check("islower") { PythonText.isLower($0) },
        "isspace": all("isspace") { PythonText.isSpace($0) },
        "isalpha": all("isalpha") { PythonText.isLetter($0) },
        "isdigit": all("isdigit") { PythonText.isDigit($0) },
        "isdecimal": all("isdecimal") { PythonText.isDecimal($0) },
        "isnumeric": all("isnumeric") { PythonText.isNumeric($0) },
        "isalnum": all("isalnum") { PythonText.isLetter($0) || PythonText.isNumeric($0) },
        "isascii": check("isascii") { $0.utf8.allSatisfy { $0 < 128 } },
        "isprintable": check("isprintable") { $0.unicodeScalars.allSatisfy { PythonText.isPrintable($0) } },
    ]

    private static func plain(_ name: String, _ body: @escaping @Sendable (String) -> String) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: name, interpreter)
            return try interpreter.string(body(text))
        }
    }

    private static func check(_ name: String, _ body: @escaping @Sendable (String) -> Bool) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: name, interpreter)
            return .bool(body(text))
        }
    }

    private static func all(_ name: String, _ body: @escaping @Sendable (Unicode.Scalar) -> Bool)
        -> TextMethod
    {
        check(name) { !$0.isEmpty && $0.unicodeScalars.allSatisfy(body) }
    }

    // MARK: Pieces

    private static let ofTextPieces: [String: TextMethod] = [
        "strip": strip("strip", left: true, right: true),
        "lstrip": strip("lstrip", left: true, right: false),
        "rstrip": strip("rstrip", left: false, right: true),
        "split": split("split", words: { PythonText.words($0, limit: $1) }) {
            PythonText.split($0, separator: $1, limit: $2)
        },
        "rsplit": split(
            "rsplit",
            words: { text, limit in
                PythonText.words(PythonText.reverse(text), limit: limit).reversed().map {
                    PythonText.reverse($0)
                }
            }
        ) { PythonText.splitFromRight($0, separator: $1, limit: $2) },
        "splitlines": { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try arguments.bound(to: ["keepends"], of: "splitlines", interpreter)
            let lines = PythonText.lines(text, keepingEnds: values[0]?.isTrue ?? false)
            return try interpreter.list(lines.map { .string($0) })
        },
        "partition": { interpreter, text, arguments throws(ChatTemplateError) in
            let separator = try onlyText(arguments, "partition", interpreter)
            guard let offset = PythonText.offsets(of: separator, in: text, limit: 1).first else {
                return try interpreter.tuple([.string(text), .string(""), .string("")])
            }
            return try parts(of: text, around: offset, separator, interpreter)
        },
        "rpartition": { interpreter, text, arguments throws(ChatTemplateError) in
            let separator = try onlyText(arguments, "rpartition", interpreter)
            guard let offset = PythonText.lastOffset(of: separator, in: text) else {
                return try interpreter.tuple([.string(""), .string(""), .string(text)])
            }
            return try parts(of: text, around: offset, separator, interpreter)
        },
        "replace": { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try arguments.bound(
                to: ["old", "new", "count"], required: 2, of: "replace", interpreter)
            let old = try interpreter.string(values[0], "old") ?? ""
            let new = try interpreter.string(values[1], "new") ?? ""
            return try replaced(
                text, old, new, limit: try limit(values[2], "count", interpreter), interpreter)
        },
        "join": { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...1, of: "join", interpreter)
            var pieces: [String] = []
            for element in try interpreter.elements(of: values[0], for: "'join'") {
                pieces.append(try interpreter.string(element, "an element") ?? "")
                try interpreter.charge(text)
            }
            return try interpreter.string(PythonText.join(pieces, separator: text))
        },
        "removeprefix": { interpreter, text, arguments throws(ChatTemplateError) in
            let prefix = try onlyText(arguments, "removeprefix", interpreter, allowsEmpty: true)
            guard PythonText.starts(text, with: prefix) else { return .string(text) }
            return try interpreter.string(PythonText.piece(text, prefix.utf8.count, text.utf8.count))
        },
        "removesuffix": { interpreter, text, arguments throws(ChatTemplateError) in
            let suffix = try onlyText(arguments, "removesuffix", interpreter, allowsEmpty: true)
            guard PythonText.ends(text, with: suffix) else { return .string(text) }
            return try interpreter.string(PythonText.piece(text, 0, text.utf8.count - suffix.utf8.count))
        },
    ]

    private static func strip(_ name: String, left: Bool, right: Bool) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 0...1, of: name, interpreter)
            return try interpreter.string(
                try stripped(text, values.first, left: left, right: right, interpreter))
        }
    }

    private static func split(
        _ name: String, words: @escaping @Sendable (String, Int?) -> [String],
        at separators: @escaping @Sendable (String, String, Int?) -> [String]
    ) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try arguments.bound(to: ["sep", "maxsplit"], of: name, interpreter)
            let limit = try limit(values[1], "maxsplit", interpreter)
            let pieces: [String]
            if let value = values[0], !value.isNone {
                let separator = try interpreter.string(value, "sep") ?? ""
                guard !separator.isEmpty else {
                    throw interpreter.failure("'\(name)' expects a separator that is not empty")
                }
                pieces = separators(text, separator, limit)
            } else {
                pieces = words(text, limit)
            }
            return try interpreter.list(pieces.map { .string($0) })
        }
    }

    /// The only argument, a text.
    private static func onlyText(
        _ arguments: TemplateArguments, _ name: String, _ interpreter: TemplateInterpreter,
        allowsEmpty: Bool = false
    ) throws(ChatTemplateError) -> String {
        let values = try positional(arguments, 1...1, of: name, interpreter)
        let text = try interpreter.string(values[0], "text") ?? ""
        guard allowsEmpty || !text.isEmpty else {
            throw interpreter.failure("'\(name)' expects a separator that is not empty")
        }
        return text
    }

    private static func parts(
        of text: String, around offset: Int, _ separator: String, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        let end = offset + separator.utf8.count
        return try interpreter.tuple([
            .string(PythonText.piece(text, 0, offset)), .string(separator),
            .string(PythonText.piece(text, end, text.utf8.count)),
        ])
    }
}
