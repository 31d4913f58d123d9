/// The filters of `value | name`.
enum TemplateFilters {
    typealias Filter =
        @Sendable (TemplateInterpreter, RuntimeValue, TemplateArguments) throws(ChatTemplateError) ->
        RuntimeValue

    /// Every filter by its name.
    static let all: [String: Filter] = [ofText, ofNumbers, ofSequences, ofOrder, ofSelection].reduce(into: [:]
    ) {
        $0.merge($1) { first, _ in first }
    }

    /// A filter without arguments.
    static func plain(
        _ name: String,
        _ body:
            @escaping @Sendable (TemplateInterpreter, RuntimeValue) throws(ChatTemplateError) -> RuntimeValue
    ) -> Filter {
        { interpreter, value, arguments throws(ChatTemplateError) in
            _ = try arguments.bound(to: [], of: name, interpreter)
            return try body(interpreter, value)
        }
    }

    /// A filter that makes a text of the value's text.
    static func ofWholeText(_ name: String, _ body: @escaping @Sendable (String) -> String) -> Filter {
        plain(name) { interpreter, value throws(ChatTemplateError) in
            let text = try interpreter.text(of: value)
            try interpreter.charge(text)
            return try interpreter.string(body(text))
        }
    }

    /// The value at `path`, such as `function.name` or `0.text`; `fallback` replaces what is undefined on the way.
    static func attribute(
        _ path: RuntimeValue, of value: RuntimeValue, fallback: RuntimeValue? = nil,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        guard case .string(let text) = path else {
            return path.isNone ? value : try step(path, of: value, fallback: fallback, interpreter)
        }
        var result = value
        for part in PythonText.split(text, separator: ".", limit: nil) {
            let isNumber = !part.isEmpty && part.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
            let index = isNumber ? Int(part).map { RuntimeValue.int($0) } : nil
            result = try step(index ?? .string(part), of: result, fallback: fallback, interpreter)
        }
        return result
    }

    private static func step(
        _ index: RuntimeValue, of value: RuntimeValue, fallback: RuntimeValue?,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        let item = try interpreter.item(index, of: value)
        if let fallback, !fallback.isNone, item.isUndefined { return fallback }
        return item
    }

    /// What a sort compares: texts without regard to case, unless told otherwise.
    static func sortKey(
        _ value: RuntimeValue, isCaseSensitive: Bool, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        guard !isCaseSensitive, case .string(let text) = value else { return value }
        return try interpreter.string(PythonText.lower(text))
    }
}
