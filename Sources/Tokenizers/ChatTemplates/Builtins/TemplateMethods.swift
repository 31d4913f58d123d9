/// The methods of texts, lists and dictionaries.
enum TemplateMethods {
    typealias TextMethod =
        @Sendable (TemplateInterpreter, String, TemplateArguments) throws(ChatTemplateError) -> RuntimeValue
    typealias ListMethod =
        @Sendable (TemplateInterpreter, SequenceBox, TemplateArguments) throws(ChatTemplateError) ->
        RuntimeValue
    typealias DictionaryMethod =
        @Sendable (TemplateInterpreter, DictionaryBox, TemplateArguments) throws(ChatTemplateError) ->
        RuntimeValue

    // MARK: Dictionaries

    static let ofDictionary: [String: DictionaryMethod] = [
        "keys": view(.keys), "values": view(.values), "items": view(.items),
        "get": { interpreter, box, arguments throws(ChatTemplateError) in
            let values = try positional(arguments, 1...2, of: "get", interpreter)
            return try interpreter.sought(values[0]).flatMap { box[$0] }
                ?? (values.count > 1 ? values[1] : .none)
        },
        "copy": { interpreter, box, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: "copy", interpreter)
            return .dictionary(box)
        },
    ]

    /// Methods that would change a dictionary, which Jinja's sandbox hides.
    static let changingDictionary: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]

    private static func view(_ kind: DictionaryView.Kind) -> DictionaryMethod {
        { interpreter, box, arguments throws(ChatTemplateError) in
            _ = try positional(arguments, 0...0, of: "\(kind.rawValue.dropFirst(5))", interpreter)
            return .view(DictionaryView(kind: kind, dictionary: box))
        }
    }

    // MARK: Arguments

    /// Arguments of a method that takes them by position only.
    static func positional(
        _ arguments: TemplateArguments, _ count: ClosedRange<Int>, of method: String,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> [RuntimeValue] {
        try arguments.refuseNamed(for: method, interpreter)
        guard count.contains(arguments.positional.count) else {
            let wanted =
                count.count == 1 ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
            throw interpreter.failure(
                "'\(method)' expects \(wanted) arguments, found \(arguments.positional.count)")
        }
        return arguments.positional
    }

    /// A limit of replacements or splits: negative or missing means none.
    static func limit(
        _ value: RuntimeValue?, _ name: String, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> Int? {
        guard let limit = try interpreter.integer(value, name), limit >= 0 else { return nil }
        return limit
    }

    // MARK: Shared with filters

    /// `text.strip(characters)`.
    static func stripped(
        _ text: String, _ characters: RuntimeValue?, left: Bool = true, right: Bool = true,
        _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> String {
        guard let characters, !characters.isNone else {
            return PythonText.strip(text, left: left, right: right)
        }
        let set = Set(try interpreter.string(characters, "chars")?.unicodeScalars ?? "".unicodeScalars)
        return PythonText.strip(text, left: left, right: right) { set.contains($0) }
    }

    /// `text.replace(old, new, limit)`, refused before it is done when the result would be too large.
    static func replaced(
        _ text: String, _ old: String, _ new: String, limit: Int?, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        try interpreter.charge(text)
        let limit = limit.flatMap { $0 < 0 ? nil : $0 }
        let places =
            old.isEmpty
            ? text.unicodeScalars.count + 1
            : PythonText.offsets(of: old, in: text, limit: limit ?? .max).count
        try interpreter.chargeProduct(new.utf8.count, min(places, limit ?? .max), per: 32)
        try interpreter.charge(min(places, limit ?? .max))
        return try interpreter.string(PythonText.replace(text, old, with: new, limit: limit))
    }

    /// `text.center(width, filler)`.
    static func centered(
        _ text: String, _ width: Int, _ filler: Unicode.Scalar, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        let missing = width.subtractingReportingOverflow(text.unicodeScalars.count).partialValue
        guard missing > 0 else { return .string(text) }
        let left = missing / 2 + (missing & width & 1)
        return try padded(text, left: left, right: missing - left, filler, interpreter)
    }

    /// The text between fillers.
    static func padded(
        _ text: String, left: Int, right: Int, _ filler: Unicode.Scalar, _ interpreter: TemplateInterpreter
    ) throws(ChatTemplateError) -> RuntimeValue {
        try interpreter.charge(left >> 5)
        try interpreter.charge(right >> 5)
        let filler = String(filler)
        return try interpreter.string(
            String(repeating: filler, count: left) + text + String(repeating: filler, count: right))
    }
}
