/// Finds added tokens in a text: leftmost first, the longest of those that start at one place.
///
/// A trie over the bytes of the tokens; a table by first byte passes over everything else. Where a token of some length is
/// only nearly there, its bytes are looked at again, so a pass costs at most the length of the text times that of the
/// longest token.
struct AddedTokenMatcher: Sendable {
    private struct Node: Sendable {
        var byte: UInt8
        /// The index of the token that ends here, or -1.
        var token: Int32 = -1
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
    }

    private var tokens: [AddedToken] = []
    private var nodes: [Node] = []
    /// The node of each first byte, or -1.
    private var roots = [Int32](repeating: -1, count: 256)

    /// Whether there is nothing to look for.
    var isEmpty: Bool { tokens.isEmpty }

    /// Adds a token to look for as `pattern`; an empty pattern is never found.
    mutating func insert(_ token: AddedToken, pattern: [UInt8]) {
        guard let first = pattern.first else { return }
        if roots[Int(first)] < 0 { roots[Int(first)] = append(Node(byte: first)) }
        var node = Int(roots[Int(first)])
        for byte in pattern.dropFirst() {
            if let child = child(of: node, byte) {
                node = child
            } else {
                let new = append(Node(byte: byte, nextSibling: nodes[node].firstChild))
                nodes[node].firstChild = new
                node = Int(new)
            }
        }
        nodes[node].token = Int32(tokens.count)
        tokens.append(token)
    }

    /// Calls `body` with the parts of a text in order: a stretch without added tokens, or the id of one.
    ///
    /// The flags of a token apply as in the Hugging Face `tokenizers` library: a match that fails `isSingleWord` is
    /// passed over whole, and stripping to the right does not hide a token from the search.
    func split(
        _ text: UnsafeBufferPointer<UInt8>, _ body: (Part) throws -> Void
    ) rethrows {
        var position = 0
        var pending = 0
        var space = 0..<0
        while let match = nextMatch(in: text, from: position) {
            position = match.range.upperBound
            let token = tokens[match.token]
            if token.isSingleWord, TextBoundary.touchesWord(match.range, in: text) { continue }
            // A token that is found in white space which the one before took begins before `pending`.
            var start = match.range.lowerBound
            var end = match.range.upperBound
            if token.stripsLeft {
                start = TextBoundary.spaceStart(before: start, notBefore: pending, in: text)
            }
            if token.stripsRight {
                // White space that was passed is not looked at again: a token may be white space itself.
                if !space.contains(end) { space = end..<TextBoundary.spaceEnd(after: end, in: text) }
                end = space.upperBound
            }
            if pending < start { try body(.text(pending..<start)) }
            try body(.token(token.id))
            pending = end
        }
        if pending < text.count { try body(.text(pending..<text.count)) }
    }

    /// A part of a text.
    enum Part {
        /// A stretch without added tokens.
        case text(Range<Int>)
        /// The id of an added token.
        case token(Int32)
    }

    private func nextMatch(
        in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> (range: Range<Int>, token: Int)? {
        roots.withUnsafeBufferPointer { roots in
            var start = start
            while start < text.count {
                let root = roots[Int(text[start])]
                if root >= 0, let (end, token) = longestMatch(in: text, at: start, root: Int(root)) {
                    return (start..<end, token)
                }
                start += 1
            }
            return nil
        }
    }

    private func longestMatch(
        in text: UnsafeBufferPointer<UInt8>, at start: Int, root: Int
    ) -> (end: Int, token: Int)? {
        var best: (end: Int, token: Int)?
        var node: Int? = root
        var end = start + 1
        while let current = node {
            if nodes[current].token >= 0 { best = (end, Int(nodes[current].token)) }
            node = end < text.count ? child(of: current, text[end]) : nil
            end += 1
        }
        return best
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        var child = Int(nodes[node].firstChild)
        while child >= 0 {
            if nodes[child].byte == byte { return child }
            child = Int(nodes[child].nextSibling)
        }
        return nil
    }

    private mutating func append(_ node: Node) -> Int32 {
        nodes.append(node)
        return Int32(nodes.count - 1)
    }
}
