/// What a ``Decoder`` does to every token but those of bytes once a text has begun and nothing is held back: one replacement.
///
/// That is nearly all tokens of SentencePiece's models, and needs none of the lists of the general way.
struct SteadyDecoding: Sendable {
    private var pattern: [UInt8] = []
    private var content: [UInt8] = []
    private var hasBytes = false

    /// Nil for steps that do more.
    init?(_ steps: [Decoder.Step]) {
        var isFused = false
        for step in steps {
            switch step {
            case .replace(let pattern, let content):
                guard set(pattern, content) else { return nil }
            case .metaspace(let replacement, _):
                guard set(replacement, [UInt8(ascii: " ")]) else { return nil }
            case .byteFallback: hasBytes = true
            case .fuse: isFused = true
            case .strip(_, _, let stop):
                guard isFused, stop == 0 else { return nil }
            }
        }
    }

    /// Only one replacement, and only one that neither makes nor hides the name of a byte.
    private mutating func set(_ pattern: [UInt8], _ content: [UInt8]) -> Bool {
        guard self.pattern.isEmpty, let first = pattern.first, first >= 0x80,
            !content.contains(UInt8(ascii: "<"))
        else { return false }
        (self.pattern, self.content) = (pattern, content)
        return true
    }

    /// Whether this is the way of a token.
    func takes(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        !hasBytes || ByteFallback.byte(of: token) == nil
    }

    /// Appends what a token gives.
    func append(_ token: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        guard let first = pattern.first, token.contains(first) else {
            return output.append(contentsOf: token)
        }
        var index = 0
        while index < token.count {
            if token[index] == first, token[index...].starts(with: pattern) {
                output.append(contentsOf: content)
                index += pattern.count
            } else {
                output.append(token[index])
                index += 1
            }
        }
    }
}
