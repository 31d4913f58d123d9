import Tokenizers

/// The tokens of a model in the order of their bytes, so that a constraint can try all of them in one pass.
///
/// Tokens that begin alike lie side by side: each is tried from where it differs from the one before, which is a walk over
/// their trie without the trie. A special token stands for no text: it has the byte 0xFF, which UTF-8 never has, and its
/// id, so that only a format that names it allows it.
package struct ConstraintVocabulary: Sendable {
    /// One more than the largest id that logits have.
    package let count: Int
    /// The bytes of the longest token.
    package let longest: Int
    /// Token ids in the order of their bytes.
    let order: [Int32]
    /// For each of `order` the bytes that it shares with the one before.
    let shared: [Int32]
    /// Where the bytes of each id begin in `storage`; `count + 1` numbers.
    private let offsets: [Int32]
    private let storage: [UInt8]

    /// The tokens of `tokenizer` for logits of `count` tokens.
    package init(_ tokenizer: Tokenizer, count: Int) {
        self.init(
            (0..<count).map { id in
                if tokenizer.isSpecial(id) { return Self.special(Int32(id)) }
                let bytes = tokenizer.bytes(of: id)
                // No text has this byte, so no answer is lost.
                return bytes.contains(0xFF) ? [] : bytes
            })
    }

    /// Tokens by their bytes; one without bytes is never allowed.
    package init(_ tokens: [[UInt8]]) {
        var storage: [UInt8] = []
        var offsets: [Int32] = [0]
        for bytes in tokens {
            storage += bytes
            offsets.append(Int32(storage.count))
        }
        self.storage = storage
        self.offsets = offsets
        count = tokens.count
        longest = tokens.map(\.count).max() ?? 0
        order = tokens.indices.filter { !tokens[$0].isEmpty }
            .sorted { tokens[$0].lexicographicallyPrecedes(tokens[$1]) }.map { Int32($0) }
        var previous: [UInt8] = []
        shared = order.map { id in
            let bytes = tokens[Int(id)]
            defer { previous = bytes }
            return Int32(zip(previous, bytes).prefix { $0 == $1 }.count)
        }
    }

    /// How a special token is written in a format.
    package static func special(_ id: Int32) -> [UInt8] {
        let bits = UInt32(bitPattern: id)
        return [0xFF] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
    }

    /// The bytes of a token.
    package func bytes(of id: Int32) -> ArraySlice<UInt8> {
        guard (0..<count).contains(Int(id)) else { return [] }
        return storage[Int(offsets[Int(id)])..<Int(offsets[Int(id) + 1])]
    }

    /// The tokens whose bytes `automaton` takes from `state`.
    func allowed(from state: Int32, in automaton: inout ByteAutomaton) -> TokenMask {
        var mask = TokenMask(count: count)
        /// States after each byte of the token at hand; the last one may be dead.
        var path: [Int32] = [state]
        for (id, common) in zip(order, shared) {
            // The byte that failed is part of this token, too.
            if path[path.count - 1] == ByteAutomaton.dead, path.count - 1 <= Int(common) { continue }
            path.removeLast(max(0, path.count - 1 - Int(common)))
            let bytes = bytes(of: id)
            for byte in bytes[(bytes.startIndex + path.count - 1)...] {
                let next = automaton.next(path[path.count - 1], byte)
                path.append(next)
                if next == ByteAutomaton.dead { break }
            }
            if path[path.count - 1] != ByteAutomaton.dead { mask[Int(id)] = true }
        }
        return mask
    }
}
