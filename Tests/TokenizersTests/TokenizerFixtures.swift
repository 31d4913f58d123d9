import JSON
import Tokenizers

/// A tokenizer of a few tokens, to be changed by tests.
enum TokenizerFixtures {
    /// Its tokenizer.json.
    static let root: JSONValue = [
        "added_tokens": [
            ["id": 9, "content": "<s>", "special": true], ["id": 10, "content": "<tool>", "special": false],
        ],
        "normalizer": nil,
        "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
        "post_processor": [
            "type": "TemplateProcessing",
            "single": [
                ["SpecialToken": ["id": "<s>", "type_id": 0]], ["Sequence": ["id": "A", "type_id": 0]],
            ],
            "special_tokens": ["<s>": ["id": "<s>", "ids": [9], "tokens": ["<s>"]]],
        ],
        "decoder": ["type": "ByteLevel"],
        "model": [
            "type": "BPE", "dropout": nil, "unk_token": nil, "ignore_merges": false, "byte_fallback": false,
            "vocab": ["a": 0, "b": 1, "ab": 2, "Ġ": 3, "Ġab": 4, "Ã": 5, "©": 6, "é": 7, "Ã©": 8],
            "merges": ["a b", "Ġ ab", ["Ã", "©"]],
        ],
    ]

    /// The tokenizer of a tokenizer.json and other files.
    static func tokenizer(
        _ root: JSONValue = root, configuration: JSONValue? = nil, specialTokensMap: JSONValue? = nil,
        chatTemplates: [String: String] = [:]
    ) throws -> Tokenizer {
        try Tokenizer(
            files: TokenizerFiles(
                tokenizer: Array(root.text().utf8),
                configuration: configuration.map { Array($0.text().utf8) },
                specialTokensMap: specialTokensMap.map { Array($0.text().utf8) }, chatTemplates: chatTemplates
            ))
    }

    /// The tokenizer.json with one part replaced; `path` is like `model.vocab`. With nil it is removed.
    static func root(replacing path: String, with value: JSONValue?) -> JSONValue {
        let keys = path.split(separator: ".").map(String.init)
        guard keys.count == 2 else { return root.replacing(path, with: value) }
        return root.replacing(keys[0], with: (root[keys[0]] ?? nil).replacing(keys[1], with: value))
    }
}
