/// The way from tokens back to text: what each step does to the tokens as tokenizer.json writes them.
struct Decoder: Sendable {
    /// One step; each works on the tokens that come from the one before.
    enum Step: Sendable, Hashable {
        /// Put `content` wherever `pattern` stands in a token.
        case replace(pattern: [UInt8], content: [UInt8])
        /// Tokens of bytes become the text that they are together; if they are none, U+FFFD for each.
        case byteFallback
        /// All tokens become one.
        case fuse
        /// Remove a character from the start and the end of a token, at most so many times.
        case strip(content: [UInt8], start: Int, stop: Int)
        /// Spaces for a character, which goes from the first token.
        case metaspace(replacement: [UInt8], dropsFirst: Bool)
    }

    var steps: [Step] = []
    /// What stands between tokens in the end.
    var separator: [UInt8] = []
}

extension Decoder {
    /// The bytes that a token stands for in the middle of a text.
    func bytes(of token: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var bytes = Array(token)
        for step in steps {
            switch step {
            case .replace(let pattern, let content): bytes = DecoderStage.replace(pattern, content, in: bytes)
            case .metaspace(let replacement, _):
                bytes = DecoderStage.replace(replacement, [UInt8(ascii: " ")], in: bytes)
            case .byteFallback: if let byte = ByteFallback.byte(of: token) { return [byte] }
            case .fuse, .strip: break
            }
        }
        return bytes
    }
}

/// Decodes one text, token by token. What has become certain is put out at once; all together is what decoding all tokens
/// at the same time gives.
struct DecoderState: Sendable {
    private var stages: [DecoderStage]
    private let separator: [UInt8]
    private var isFirst = true
    private let steady: SteadyDecoding?
    /// Whether the text has begun and no stage holds anything back.
    private var isSteady = false

    init(_ decoder: Decoder) {
        stages = []
        steady = SteadyDecoding(decoder.steps)
        separator = decoder.separator
        var isFused = false
        for step in decoder.steps {
            if step == .fuse { isFused = true } else { stages.append(DecoderStage(step, isFused: isFused)) }
        }
    }

    /// Whether tokens are the bytes that they stand for.
    private var isPlain: Bool { stages.isEmpty && separator.isEmpty }

    /// Takes a token.
    mutating func append(_ token: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        if isPlain { return output.append(contentsOf: token) }
        if isSteady, let steady, steady.takes(token) {
            output.append(contentsOf: separator)
            return steady.append(token, to: &output)
        }
        pass([Array(token)], from: 0, to: &output)
        isSteady = steady != nil && stages.allSatisfy(\.isIdle)
    }

    /// Ends the text.
    mutating func finish(to output: inout [UInt8]) {
        for index in stages.indices { pass(stages[index].finish(), from: index + 1, to: &output) }
    }

    private mutating func pass(_ tokens: [[UInt8]], from stage: Int, to output: inout [UInt8]) {
        var tokens = tokens
        for index in stages.indices.dropFirst(stage) {
            var next: [[UInt8]] = []
            for token in tokens { stages[index].append(token, to: &next) }
            tokens = next
        }
        for token in tokens {
            if !isFirst { output.append(contentsOf: separator) }
            isFirst = false
            output.append(contentsOf: token)
        }
    }
}
