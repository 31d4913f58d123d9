extension PreTokenizer {
    /// Reads a `pre_tokenizer`, which must end with the step to bytes.
    init(_ field: JSONField?, file: String) throws(TokenizerError) {
        let message = "expected a ByteLevel pre-tokenizer: only byte-level tokenizers are supported"
        guard let field else {
            throw TokenizerError(.unsupported, file: file, reason: "pre_tokenizer: \(message)")
        }
        var endsInBytes = false
        try append(field, endsInBytes: &endsInBytes)
        if !endsInBytes { throw field.unsupported(message) }
    }

    private mutating func append(_ field: JSONField, endsInBytes: inout Bool) throws(TokenizerError) {
        if endsInBytes { throw field.unsupported("expected nothing after the ByteLevel pre-tokenizer") }
        switch try field.type() {
        case "Sequence":
            for part in try field.required("pretokenizers").elements() {
                try append(part, endsInBytes: &endsInBytes)
            }
        case "Split": steps.append(.scan(try Self.splitScanner(field)))
        case "Digits":
            steps.append(.scan(.digits(individual: try field["individual_digits"]?.bool() ?? false)))
        case "ByteLevel":
            if try field.required("add_prefix_space").bool() { steps.append(.prefixSpace) }
            if try field["use_regex"]?.bool() ?? true { steps.append(.scan(.gpt2)) }
            endsInBytes = true
        case let type:
            throw field.unsupported("expected Split, Digits, ByteLevel or a Sequence of them, found \(type)")
        }
    }

    private static func splitScanner(_ field: JSONField) throws(TokenizerError) -> PatternScanner {
        let pattern = try field.required("pattern")
        guard let regex = pattern["Regex"] else { throw pattern.unsupported("expected a Regex") }
        guard let scanner = PatternScanner(pattern: try regex.string()) else {
            throw regex.unsupported("there is no scanner for the pattern \(try regex.string())")
        }
        // The patterns leave nothing between their matches, so removing what does not match is isolating what does.
        let behavior = try field.required("behavior").string()
        let inverts = try field["invert"]?.bool() ?? false
        guard behavior == "Isolated" || (behavior == "Removed" && inverts) else {
            throw field.unsupported("expected the behavior Isolated, found \(behavior)")
        }
        return scanner
    }
}
