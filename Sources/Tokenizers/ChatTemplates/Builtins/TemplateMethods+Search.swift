extension TemplateMethods {
    /// The methods of texts that look for other texts, and those that widen a text.
    static let ofTextSearch: [String: TextMethod] = [
        "startswith": affix("startswith") { PythonText.starts($0, with: $1) },
        "endswith": affix("endswith") { PythonText.ends($0, with: $1) },
        "find": search("find", fromRight: false, isRequired: false),
        "rfind": search("rfind", fromRight: true, isRequired: false),
        "index": search("index", fromRight: false, isRequired: true),
        "rindex": search("rindex", fromRight: true, isRequired: true),
        "count": { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...3, of: "count", interpreter)
            let part = try interpreter.string(values[0], "sub") ?? ""
            let (window, _) = try window(of: text, values, interpreter)
            guard let window else { return .int(0) }
            if part.isEmpty { return .int(window.unicodeScalars.count + 1) }
            return .int(PythonText.offsets(of: part, in: window).count)
        },
        "zfill": { interpreter, text, arguments throws(ChatTemplateError) in
            let width = try width(arguments, 1...1, "zfill", interpreter).width
            let missing = max(width.subtractingReportingOverflow(text.unicodeScalars.count).partialValue, 0)
            let sign = PythonText.starts(text, with: "-") || PythonText.starts(text, with: "+") ? 1 : 0
            try interpreter.charge(missing >> 5)
            return try interpreter.string(
                PythonText.piece(text, 0, sign) + String(repeating: "0", count: missing)
                    + PythonText.piece(text, sign, text.utf8.count))
        },
        "center": { interpreter, text, arguments throws(ChatTemplateError) in
            let (width, filler) = try width(arguments, 1...2, "center", interpreter)
            return try centered(text, width, filler, interpreter)
        },
        "ljust": { interpreter, text, arguments throws(ChatTemplateError) in
            let (width, filler) = try width(arguments, 1...2, "ljust", interpreter)
            return try padded(text, left: 0, right: missing(text, width), filler, interpreter)
        },
        "rjust": { interpreter, text, arguments throws(ChatTemplateError) in
            let (width, filler) = try width(arguments, 1...2, "rjust", interpreter)
            return try padded(text, left: missing(text, width), right: 0, filler, interpreter)
        },
    ]

    private static func missing(_ text: String, _ width: Int) -> Int {
        max(width.subtractingReportingOverflow(text.unicodeScalars.count).partialValue, 0)
    }

    private static func width(
        _ arguments: TemplateArguments, _ count: ClosedRange<Int>, _ name: String,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> (width: Int, filler: Unicode.Scalar) {
        let values = try positional(arguments, count, of: name, interpreter)
        let width = try interpreter.integer(values[0], "width") ?? 0
        let filler = values.count > 1 ? try interpreter.string(values[1], "fillchar") ?? " " : " "
        guard filler.unicodeScalars.count == 1, let scalar = filler.unicodeScalars.first else {
            throw interpreter.failure("'\(name)' expects one character to fill with")
        }
        return (max(width, 0), scalar)
    }

    /// The part of the text between the bounds that may follow a method's first argument, and where it begins;
    /// nil when the start is behind the end.
    private static func window(
        of text: String, _ values: [RuntimeValue], _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> (text: String?, start: Int) {
        func bound(_ position: Int) throws(ChatTemplateError) -> Int? {
            guard position < values.count, !values[position].isNone else { return nil }
            return try interpreter.integer(values[position], "bound")
        }
        let (start, end) = (try bound(1), try bound(2))
        if start == nil, end == nil { return (text, 0) }
        let count = text.unicodeScalars.count
        var first = start ?? 0
        if first < 0 { first = max(first &+ count, 0) }
        var last = min(end ?? count, count)
        if last < 0 { last = max(last &+ count, 0) }
        guard first <= last else { return (nil, first) }
        guard case .string(let window) = try interpreter.slice(.string(text), first, last, 1) else {
            return (nil, first)
        }
        return (window, first)
    }

    private static func affix(
        _ name: String, _ holds: @escaping @Sendable (String, String) -> Bool
    ) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...3, of: name, interpreter)
            guard let window = try window(of: text, values, interpreter).text else { return .bool(false) }
            guard case .tuple(let candidates) = values[0] else {
                return .bool(holds(window, try interpreter.string(values[0], name) ?? ""))
            }
            for candidate in candidates.elements
            where holds(window, try interpreter.string(candidate, name) ?? "") { return .bool(true) }
            return .bool(false)
        }
    }

    private static func search(_ name: String, fromRight: Bool, isRequired: Bool) -> TextMethod {
        { interpreter, text, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...3, of: name, interpreter)
            let part = try interpreter.string(values[0], "sub") ?? ""
            let (window, start) = try window(of: text, values, interpreter)
            var offset: Int?
            if let window {
                if part.isEmpty {
                    offset = fromRight ? window.utf8.count : 0
                } else {
                    offset =
                        fromRight
                        ? PythonText.lastOffset(of: part, in: window)
                        : PythonText.offsets(of: part, in: window, limit: 1).first
                }
                if let found = offset {
                    return .int(start + PythonText.piece(window, 0, found).unicodeScalars.count)
                }
            }
            guard !isRequired else { throw interpreter.failure("'\(name)' expects a text that is found") }
            return .int(-1)
        }
    }
}
