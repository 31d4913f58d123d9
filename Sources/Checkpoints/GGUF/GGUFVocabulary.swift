import JSON

/// The tokens of a GGUF file.
struct GGUFVocabulary {
    /// What a token is, by the format's number.
    enum Kind: Int {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    let tokens: [String]
    let kinds: [Kind]
    let bos: Int?
    let eos: Int?
    let unknown: Int?

    /// Reads and checks `tokenizer.ggml.*`.
    init(_ file: GGUFFile) throws(ConfigurationError) {
        tokens = try file.strings("tokenizer.ggml.tokens")
        let count = tokens.count
        let key = "tokenizer.ggml.token_type"
        if case .integers(let values) = file.metadata[key] {
            let known = values.compactMap(Kind.init(rawValue:))
            guard known.count == count, values.count == count else {
                throw file.invalid(key, expected: "\(count) numbers from 1 to 6")
            }
            kinds = known
        } else {
            kinds = [Kind](repeating: .normal, count: count)
        }
        func token(_ name: String) throws(ConfigurationError) -> Int? {
            let key = "tokenizer.ggml.\(name)_token_id"
            guard let id = try file.optionalInteger(key) else { return nil }
            guard (0..<count).contains(id) else { throw file.invalid(key, expected: "0 to \(count - 1)") }
            return id
        }
        bos = try token("bos")
        eos = try token("eos")
        unknown = try token("unknown") ?? kinds.firstIndex(of: .unknown)
    }

    /// Whether a token is found in text before anything is merged.
    private func isAdded(_ id: Int) -> Bool { kinds[id] == .control || kinds[id] == .userDefined }

    /// The tokens that merges lead to, with their ids.
    var json: JSONValue {
        var members: [JSONValue.Member] = []
        for (id, token) in tokens.enumerated() where !isAdded(id) && kinds[id] != .unused {
            members.append(JSONValue.Member(key: token, value: .int(id)))
        }
        return .object(members)
    }

    /// The others, as `added_tokens` has them.
    var addedTokens: JSONValue {
        .array(
            tokens.indices.filter(isAdded).map { id in
                [
                    "id": .int(id), "content": .string(tokens[id]), "single_word": false, "lstrip": false,
                    "rstrip": false, "normalized": false, "special": .bool(kinds[id] == .control),
                ]
            })
    }

    /// The post-processor that puts the first token before a text; null without such a token.
    var bosProcessor: JSONValue {
        guard let bos else { return .null }
        let token = JSONValue.string(tokens[bos])
        let special: JSONValue = ["SpecialToken": ["id": token, "type_id": 0]]
        func sequence(_ name: JSONValue, _ type: JSONValue) -> JSONValue {
            ["Sequence": ["id": name, "type_id": type]]
        }
        return [
            "type": "TemplateProcessing", "single": [special, sequence("A", 0)],
            "pair": [special, sequence("A", 0), special, sequence("B", 1)],
            "special_tokens": .object([
                JSONValue.Member(
                    key: tokens[bos], value: ["id": token, "ids": [.int(bos)], "tokens": [token]])
            ]),
        ]
    }

    /// The merges of SentencePiece pairs: every way to make a token of two, best scores first.
    func merges(scores: [Double]) -> [String] {
        var ids: [String: Int] = [:]
        for (id, token) in tokens.enumerated() where kinds[id] == .normal { ids[token] = id }
        var merges: [(left: String, right: String, score: Double, places: (Int, Int))] = []
        for (id, token) in tokens.enumerated() where kinds[id] == .normal {
            for place in token.unicodeScalars.indices.dropFirst() {
                let (left, right) = (String(token[..<place]), String(token[place...]))
                if let first = ids[left], let second = ids[right] {
                    merges.append((left, right, scores[id], (first, second)))
                }
            }
        }
        // Equal scores keep the order of the parts' ids.
        merges.sort { ($1.score, $0.places.0, $0.places.1) < ($0.score, $1.places.0, $1.places.1) }
        return merges.map { "\($0.left) \($0.right)" }
    }
}
