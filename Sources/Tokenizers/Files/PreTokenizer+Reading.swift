import JSON

extension PreTokenizer {
    /// Reads a `pre_tokenizer`.
    init(_ field: JSONField) throws(TokenizerError) {
        var endsInBytes = false
        try append(field, endsInBytes: &endsInBytes)
    }

    /// How tokens are written behind a `pre_tokenizer`, which may be null: one with a ByteLevel writes bytes as characters.
    static func alphabet(of field: JSONField) throws(TokenizerError) -> Vocabulary.Alphabet {
        if field.value.isNull { return .text }
        switch try field.type() {
        case "ByteLevel": return .bytes
        case "Sequence":
            for part in try field.required("pretokenizers").elements() where try alphabet(of: part) == .bytes
            {
                return .bytes
            }
            return .text
        default: return .text
        }
    }

    private mutating func append(_ field: JSONField, endsInBytes: inout Bool) throws(TokenizerError) {
        if endsInBytes { throw field.unsupported("expected nothing after the ByteLevel pre-tokenizer") }
        switch try field.type() {
        case "Sequence":
            for part in try field.required("pretokenizers").elements() {
                try append(part, endsInBytes: &endsInBytes)
            }
        case "Split": steps.append(try Self.split(field))
        case "Digits":
            steps.append(.scan(.digits(individual: try field["individual_digits"]?.bool() ?? false)))
        case "ByteLevel":
            if try field.required("add_prefix_space").bool() { steps.append(.prefixSpace) }
            if try field["use_regex"]?.bool() ?? true { steps.append(.scan(.gpt2)) }
            endsInBytes = true
        case "Metaspace": steps.append(.metaspace(try Metaspace(field)))
        case "WhitespaceSplit": steps.append(.split(Splitter(finder: .whitespace, behavior: .removed)))
        case "Whitespace":
            // Words, and what is neither word nor space, of the library's other engine, whose words have joiners.
            let finder = try field.expression(#"[\w\x{200C}\x{200D}]+|[^\w\s\x{200C}\x{200D}]+"#)
            steps.append(.split(Splitter(finder: .expression(finder), behavior: .removed, isInverted: true)))
        case "Punctuation":
            let behavior = try field["behavior"].map { (field) throws(TokenizerError) in
                try Self.behavior(field)
            }
            steps.append(.split(Splitter(finder: .punctuation, behavior: behavior ?? .isolated)))
        case "BertPreTokenizer":
            steps.append(.split(Splitter(finder: .whitespace, behavior: .removed)))
            steps.append(.split(Splitter(finder: .punctuation, behavior: .isolated)))
        case let type:
            throw field.unsupported(
                "expected Split, Digits, Punctuation, Whitespace, WhitespaceSplit, BertPreTokenizer, Metaspace, "
                    + "ByteLevel or a Sequence of them, found \(type)")
        }
    }

    private static func split(_ field: JSONField) throws(TokenizerError) -> Step {
        let pattern = try field.required("pattern")
        let behavior = try behavior(field.required("behavior"))
        let isInverted = try field["invert"]?.bool() ?? false
        if let literal = try pattern["String"]?.string() {
            guard !literal.isEmpty else { throw pattern.malformed("expected a String that is not empty") }
            return .split(
                Splitter(finder: .literal(Array(literal.utf8)), behavior: behavior, isInverted: isInverted))
        }
        let regex = try pattern.required("Regex")
        let text = try regex.string()
        guard let scanner = PatternScanner(pattern: text) else {
            return .split(
                Splitter(
                    finder: .expression(try regex.expression(text)), behavior: behavior,
                    isInverted: isInverted))
        }
        // The known patterns leave nothing between their matches, so removing what does not match is isolating what does.
        if behavior == .isolated || (behavior == .removed && isInverted) { return .scan(scanner) }
        return .split(Splitter(finder: .scanner(scanner), behavior: behavior, isInverted: isInverted))
    }

    private static func behavior(_ field: JSONField) throws(TokenizerError) -> Splitter.Behavior {
        let name = try field.string()
        let all: [Splitter.Behavior] = [
            .removed, .isolated, .mergedWithPrevious, .mergedWithNext, .contiguous,
        ]
        guard let behavior = all.first(where: { $0.rawValue == name }) else {
            throw field.malformed(
                "expected one of \(all.map(\.rawValue).joined(separator: ", ")), found \(name)")
        }
        return behavior
    }
}

extension Metaspace {
    /// Reads a Metaspace pre-tokenizer or decoder, in the form with `prepend_scheme` or the older one with
    /// `add_prefix_space`.
    init(_ field: JSONField) throws(TokenizerError) {
        let character = try field["replacement"]?.string() ?? "\u{2581}"
        guard character.unicodeScalars.count == 1 else {
            throw try field.required("replacement").malformed("expected one character")
        }
        replacement = Array(character.utf8)
        splits = try field["split"]?.bool() ?? true
        prefix = .always
        if let scheme = field["prepend_scheme"] {
            guard let known = Prefix(rawValue: try scheme.string()) else {
                throw scheme.malformed("expected always, first or never, found \(try scheme.string())")
            }
            prefix = known
        }
        if try field["add_prefix_space"]?.bool() == false { prefix = .never }
    }
}

extension JSONField {
    /// A pattern of this field as an expression.
    func expression(_ pattern: String) throws(TokenizerError) -> RegularExpression {
        do throws(RegexError) {
            return try RegularExpression(pattern)
        } catch {
            throw unsupported("the pattern \(pattern) cannot be used: \(error)")
        }
    }
}
