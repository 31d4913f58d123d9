/// The tokens of single characters, with bytes or an unknown token for characters without one.
struct CharacterTokens: Sendable {
    /// The tokens of the Basic Multilingual Plane by scalar value, or -1: a look-up per character has to be fast.
    private let plane: [Int32]
    private let others: [UInt32: Int32]
    /// The tokens `<0x00>` to `<0xFF>` by byte, or -1; empty without a fallback to bytes.
    private let byteTokens: [Int32]
    let unknown: UnknownToken

    init(_ vocabulary: Vocabulary, unknown: UnknownToken, usesByteFallback: Bool) {
        var plane = [Int32](repeating: -1, count: 0x10000)
        var others: [UInt32: Int32] = [:]
        for id in 0..<vocabulary.idBound {
            vocabulary.withBytes(of: id) { token in
                guard (1...4).contains(token.count) else { return }
                let (value, length) = UTF8Text.scalar(at: 0, in: token)
                guard length == token.count else { return }
                if value < 0x10000 { plane[Int(value)] = Int32(id) } else { others[value] = Int32(id) }
            }
        }
        self.plane = plane
        self.others = others
        byteTokens = usesByteFallback ? vocabulary.byteFallbackTokens : []
        self.unknown = unknown
    }

    /// The token of a character, or -1.
    @inline(__always)
    func id(of scalar: UInt32) -> Int32 {
        scalar < 0x10000 ? plane[Int(scalar)] : others[scalar] ?? -1
    }

    /// Whether every byte has a token to fall back to.
    var coversAllBytes: Bool { !byteTokens.isEmpty && !byteTokens.contains(-1) }

    /// Appends the tokens of a piece.
    ///
    /// As in the `tokenizers` library an unknown token is put out when the next known character comes, so that bytes that
    /// a character between falls back to go before it. That is seen only where some bytes have tokens and others have none.
    func append(of piece: UnsafeBufferPointer<UInt8>, to tokens: inout [Int32]) {
        var pending: Int32?
        var index = 0
        while index < piece.count {
            let (scalar, length) = UTF8Text.scalar(at: index, in: piece)
            defer { index += length }
            let token = id(of: scalar)
            if token >= 0 {
                if let unknown = pending { tokens.append(unknown) }
                pending = nil
                tokens.append(token)
                continue
            }
            let bytes = piece[index..<index + length]
            if !byteTokens.isEmpty, bytes.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
                for byte in bytes { tokens.append(byteTokens[Int(byte)]) }
                continue
            }
            guard let id = unknown.id else { continue }
            if let unknown = pending, !self.unknown.isFused { tokens.append(unknown) }
            pending = id
        }
        if let pending { tokens.append(pending) }
    }
}

extension Vocabulary {
    /// The tokens that single bytes fall back to, `<0x00>` to `<0xFF>` by byte, or -1.
    var byteFallbackTokens: [Int32] {
        (UInt8.min...UInt8.max).map { id(ofToken: ByteFallback.token(of: $0)) ?? -1 }
    }
}

/// The tokens that stand for single bytes in tokenizers of characters.
enum ByteFallback {
    /// `<0x0A>` for a line feed.
    static func token(of byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count < 2 ? "<0x0\(digits)>" : "<0x\(digits)>"
    }

    /// The byte that a token stands for, or nil.
    static func byte(of token: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">") else {
            return nil
        }
        return UInt8(String(decoding: token[3...4], as: UTF8.self), radix: 16)
    }
}
