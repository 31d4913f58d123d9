/// Turns tokens into text one by one, as a model generates them.
///
/// A token may end in the middle of a character; its bytes are held back until the rest comes or it is certain that none
/// will. Tokenizers of SentencePiece's kind take the bytes of a row of byte tokens for text only if all of them are, so
/// there the whole row is held back. All pieces together are what ``Tokenizer/decode(tokenIds:skipSpecialTokens:)`` makes of all tokens.
///
///     var detokenizer = StreamingDetokenizer(tokenizer)
///     for id in ids { if let piece = detokenizer.append(id) { print(piece, terminator: "") } }
///     if let piece = detokenizer.finish() { print(piece) }
public struct StreamingDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let skipSpecialTokens: Bool
    private var state: DecoderState
    private var pending: [UInt8] = []

    /// Starts a new text.
    public init(_ tokenizer: Tokenizer, skipSpecialTokens: Bool = true) {
        self.tokenizer = tokenizer
        state = DecoderState(tokenizer.decoder)
        self.skipSpecialTokens = skipSpecialTokens
    }

    /// Takes the next token; returns the text that is certain now, or nil when there is none.
    public mutating func append(_ token: Int) -> String? {
        tokenizer.append(token, skipSpecialTokens: skipSpecialTokens, to: &state, &pending)
        return take(pending.count - Self.incompleteSuffix(of: pending))
    }

    /// Ends the text; returns what was held back, or nil when nothing was.
    public mutating func finish() -> String? {
        state.finish(to: &pending)
        state = DecoderState(tokenizer.decoder)
        return take(pending.count)
    }

    private mutating func take(_ count: Int) -> String? {
        guard count > 0 else { return nil }
        defer { pending.removeFirst(count) }
        return String(decoding: pending[..<count], as: UTF8.self)
    }

    /// How many bytes at the end could begin a character whose rest is to come.
    private static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let start = bytes.count - length
            if UTF8.isContinuation(bytes[start]) { continue }
            let limit = characterLength(first: bytes[start])
            let isPossible = length < 2 || secondByteRange(first: bytes[start]).contains(bytes[start + 1])
            return length < limit && isPossible ? length : 0
        }
        return 0
    }

    /// The length of a character by its first byte; 1 for bytes that begin none.
    private static func characterLength(first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }

    /// What may follow a first byte: without overlong forms, surrogates and values above U+10FFFF (Unicode, table 3-7).
    private static func secondByteRange(first: UInt8) -> ClosedRange<UInt8> {
        switch first {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
