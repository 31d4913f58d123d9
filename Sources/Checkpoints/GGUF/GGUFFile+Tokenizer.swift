import JSON

extension GGUFFile {
    /// The texts of `tokenizer.json` and `tokenizer_config.json` that the metadata amounts to.
    ///
    /// The kinds are `gpt2` (byte-level pairs, split as `tokenizer.ggml.pre` says) and `llama` (SentencePiece pairs with
    /// byte fallback, whose merges follow from the scores).
    ///
    /// - Throws: `ConfigurationError` that names the metadata's key.
    package func tokenizer() throws(ConfigurationError) -> (tokenizer: JSONValue, configuration: JSONValue) {
        let key = "tokenizer.ggml.model"
        let vocabulary = try GGUFVocabulary(self)
        let parts: GGUFTokenizerParts
        switch try optionalString(key) {
        case "gpt2": parts = try bytePairs(vocabulary)
        case "llama": parts = try sentencePieces(vocabulary)
        default: throw invalid(key, expected: "\"gpt2\" or \"llama\"")
        }
        return (parts.tokenizer(vocabulary), try configuration(of: vocabulary))
    }

    private func configuration(of vocabulary: GGUFVocabulary) throws(ConfigurationError) -> JSONValue {
        var members: [JSONValue.Member] = []
        for (name, token) in [
            ("bos_token", vocabulary.bos), ("eos_token", vocabulary.eos), ("unk_token", vocabulary.unknown),
        ] {
            if let token {
                members.append(JSONValue.Member(key: name, value: .string(vocabulary.tokens[token])))
            }
        }
        if let template = try optionalString("tokenizer.chat_template") {
            members.append(JSONValue.Member(key: "chat_template", value: .string(template)))
        }
        return .object(members)
    }

    private func bytePairs(_ vocabulary: GGUFVocabulary) throws(ConfigurationError) -> GGUFTokenizerParts {
        let key = "tokenizer.ggml.pre"
        guard let splitter = GGUFSplitter(name: try optionalString(key) ?? "default") else {
            throw invalid(key, expected: "one of \(GGUFSplitter.names)")
        }
        let addsBOS = try optionalFlag("tokenizer.ggml.add_bos_token") ?? false
        let merges = try strings("tokenizer.ggml.merges").map(JSONValue.string)
        return GGUFTokenizerParts(
            model: [
                "type": "BPE", "unk_token": .null, "fuse_unk": false, "byte_fallback": false,
                "ignore_merges": .bool(splitter == .llama3),
                "vocab": vocabulary.json, "merges": .array(merges),
            ],
            normalizer: splitter == .qwen2 ? ["type": "NFC"] : .null, preTokenizer: splitter.preTokenizer,
            decoder: [
                "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
            ],
            addsBOS: addsBOS || splitter == .llama3 && metadata["tokenizer.ggml.add_bos_token"] == nil)
    }

    private func sentencePieces(_ vocabulary: GGUFVocabulary) throws(ConfigurationError) -> GGUFTokenizerParts
    {
        let key = "tokenizer.ggml.scores"
        guard case .numbers(let scores) = metadata[key], scores.count == vocabulary.tokens.count else {
            throw invalid(key, expected: "\(vocabulary.tokens.count) numbers")
        }
        let prefix = try optionalFlag("tokenizer.ggml.add_space_prefix") ?? true
        let replace: JSONValue = ["type": "Replace", "pattern": ["String": " "], "content": "▁"]
        let prepend: JSONValue = ["type": "Prepend", "prepend": "▁"]
        var decoders: [JSONValue] = [
            ["type": "Replace", "pattern": ["String": "▁"], "content": " "], ["type": "ByteFallback"],
            ["type": "Fuse"],
        ]
        if prefix { decoders.append(["type": "Strip", "content": " ", "start": 1, "stop": 0]) }
        let unknown = vocabulary.unknown.map { JSONValue.string(vocabulary.tokens[$0]) }
        return GGUFTokenizerParts(
            model: [
                "type": "BPE", "unk_token": unknown ?? .null,
                "fuse_unk": true, "byte_fallback": true, "ignore_merges": false, "vocab": vocabulary.json,
                "merges": .array(vocabulary.merges(scores: scores).map(JSONValue.string)),
            ],
            normalizer: [
                "type": "Sequence", "normalizers": .array(prefix ? [prepend, replace] : [replace]),
            ],
            preTokenizer: .null, decoder: ["type": "Sequence", "decoders": .array(decoders)],
            addsBOS: try optionalFlag("tokenizer.ggml.add_bos_token") ?? true)
    }
}

/// The parts of a `tokenizer.json`.
private struct GGUFTokenizerParts {
    let model: JSONValue
    let normalizer: JSONValue
    let preTokenizer: JSONValue
    let decoder: JSONValue
    let addsBOS: Bool

    func tokenizer(_ vocabulary: GGUFVocabulary) -> JSONValue {
        [
            "version": "1.0", "truncation": .null, "padding": .null, "added_tokens": vocabulary.addedTokens,
            "normalizer": normalizer, "pre_tokenizer": preTokenizer,
            "post_processor": addsBOS ? vocabulary.bosProcessor : .null, "decoder": decoder, "model": model,
        ]
    }
}

/// How text is cut before its bytes are merged.
private enum GGUFSplitter {
    case gpt2, llama3, qwen2

    static let names = "default, gpt-2, llama-bpe, qwen2"

    /// The splitter of a value of `tokenizer.ggml.pre`.
    init?(name: String) {
        switch name {
        case "default", "gpt-2", "gpt2": self = .gpt2
        case "llama3", "llama-v3", "llama-bpe": self = .llama3
        case "qwen2", "deepseek-r1-qwen": self = .qwen2
        default: return nil
        }
    }

    var preTokenizer: JSONValue {
        guard self != .gpt2 else {
            return ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true]
        }
        let digits = self == .llama3 ? "\\p{N}{1,3}" : "\\p{N}"
        let pattern =
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\(digits)"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
        return [
            "type": "Sequence",
            "pretokenizers": [
                [
                    "type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated",
                    "invert": false,
                ],
                ["type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false],
            ],
        ]
    }
}
