import JSON

extension TokenDetail {
    /// An element of `logprobs.content` of a chat completion; nil when no logarithms were asked for.
    package var chatJSON: JSONValue? {
        logProbability.map { own in
            .object(
                Self.members(text, own) + [
                    .init(
                        key: "top_logprobs",
                        value: .array(likeliest.map { .object(Self.members($0.text, $0.logProbability)) }))
                ])
        }
    }

    private static func members(_ text: TokenText, _ logProbability: Float) -> [JSONValue.Member] {
        [
            .init(key: "token", value: .string(text.text)),
            .init(key: "logprob", value: .double(Double(logProbability))),
            .init(key: "bytes", value: .array(text.bytes.map { .int(Int($0)) })),
        ]
    }
}

/// `logprobs` of a text completion: parallel arrays over tokens.
package struct TextLogProbabilities: Sendable {
    private var tokens: [JSONValue] = []
    private var values: [JSONValue] = []
    private var likeliest: [JSONValue] = []
    private var offsets: [JSONValue] = []
    private var offset: Int

    /// Of no tokens; the first one begins at character `offset` of the text.
    package init(offset: Int = 0) { self.offset = offset }

    /// Where the next token begins, in characters.
    package var end: Int { offset }

    /// Adds a token of an answer, if logarithms were asked for.
    package mutating func append(_ token: TokenDetail) {
        if token.logProbability != nil { add(token) }
    }

    /// Adds the tokens of a prompt, of which the first has no probability.
    package mutating func append(prompt: [TokenDetail]) { for token in prompt { add(token) } }

    private mutating func add(_ token: TokenDetail) {
        tokens.append(.string(token.text.text))
        values.append(token.logProbability.map { .double(Double($0)) } ?? .null)
        let candidates = token.likeliest.map { candidate in
            JSONValue.Member(key: candidate.text.text, value: .double(Double(candidate.logProbability)))
        }
        likeliest.append(token.logProbability == nil ? .null : .object(candidates))
        offsets.append(.int(offset))
        if !token.text.isSpecial { offset += token.text.text.unicodeScalars.count }
    }

    /// The arrays; `null` without tokens.
    package var json: JSONValue {
        guard !tokens.isEmpty else { return .null }
        return [
            "tokens": .array(tokens), "token_logprobs": .array(values), "top_logprobs": .array(likeliest),
            "text_offset": .array(offsets),
        ]
    }
}
