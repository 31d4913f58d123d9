/// One step of a ``Decoder`` at work, with what it holds back.
struct DecoderStage: Sendable {
    private let step: Decoder.Step
    /// Whether all that comes is one token, in parts.
    private let isFused: Bool
    private var isFirst = true
    /// Bytes of byte tokens in a row.
    private var bytes: [UInt8] = []
    /// How many more characters may go from the start.
    private var toStrip: Int
    /// Characters that go if the text ends here.
    private var held: [UInt8] = []

    init(_ step: Decoder.Step, isFused: Bool) {
        self.step = step
        self.isFused = isFused
        toStrip = if case .strip(_, let start, _) = step { start } else { 0 }
    }

    /// Whether a token has come and nothing waits for the next one.
    var isIdle: Bool { !isFirst && bytes.isEmpty && held.isEmpty && toStrip == 0 }

    /// Takes a token, and puts out what it gives.
    mutating func append(_ token: [UInt8], to output: inout [[UInt8]]) {
        defer { isFirst = false }
        switch step {
        case .replace(let pattern, let content): output.append(Self.replace(pattern, content, in: token))
        case .byteFallback:
            if let byte = token.withUnsafeBufferPointer({ ByteFallback.byte(of: $0) }) {
                bytes.append(byte)
            } else {
                output += takeBytes()
                output.append(token)
            }
        case .fuse: output.append(token)
        case .metaspace(let replacement, let dropsFirst):
            let content = isFirst && dropsFirst ? [] : [UInt8(ascii: " ")]
            output.append(Self.replace(replacement, content, in: token))
        case .strip(let content, let start, let stop):
            if isFused {
                output.append(strip(token, content, stop))
            } else {
                output.append(Self.strip(token, content, start: start, stop: stop))
            }
        }
    }

    /// What was held back and is certain at the end.
    mutating func finish() -> [[UInt8]] { takeBytes() }

    private mutating func takeBytes() -> [[UInt8]] {
        guard !bytes.isEmpty else { return [] }
        defer { bytes.removeAll() }
        if String(validating: bytes, as: UTF8.self) != nil { return [bytes] }
        return bytes.map { _ in [0xEF, 0xBF, 0xBD] }
    }

    /// Strips the parts of one token that come one by one.
    private mutating func strip(_ part: [UInt8], _ content: [UInt8], _ stop: Int) -> [UInt8] {
        var part = part[...]
        while toStrip > 0, !part.isEmpty {
            if part.starts(with: content) {
                part = part.dropFirst(content.count)
                toStrip -= 1
            } else {
                toStrip = 0
            }
        }
        var result = held + part
        guard stop > 0 else { return result }
        // Up to `stop` of the character at the end wait for what comes.
        var count = 0
        while count < stop,
            result.dropLast(count * content.count).suffix(content.count).elementsEqual(content)
        {
            count += 1
        }
        held = Array(result.suffix(count * content.count))
        result.removeLast(held.count)
        return result
    }

    private static func strip(_ token: [UInt8], _ content: [UInt8], start: Int, stop: Int) -> [UInt8] {
        var token = token[...]
        for _ in 0..<start where token.starts(with: content) { token = token.dropFirst(content.count) }
        for _ in 0..<stop where token.suffix(content.count).elementsEqual(content) {
            token = token.dropLast(content.count)
        }
        return Array(token)
    }

    /// A token with `content` wherever `pattern` stands.
    static func replace(_ pattern: [UInt8], _ content: [UInt8], in token: [UInt8]) -> [UInt8] {
        guard let first = pattern.first, token.contains(first) else { return token }
        var result: [UInt8] = []
        var rest = token[...]
        while !rest.isEmpty {
            if rest.starts(with: pattern) {
                result += content
                rest = rest.dropFirst(pattern.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
