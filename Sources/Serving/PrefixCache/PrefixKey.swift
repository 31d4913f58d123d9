import Compute

/// Names the keys and values of a chunk: a hash of everything that they depend on, all tokens before included.
package struct PrefixKey: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// A name of 32 bytes.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The name as 64 hexadecimal digits.
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The names of all whole chunks of `tokens` but one that nothing would follow, since logits need a row.
    ///
    /// Each name hashes the one before and the chunk's tokens; the first one `context`, which says what else keys and
    /// values depend on: model, method, budget, grid.
    package static func chain(_ tokens: [Int32], chunk: Int, context: String) -> [PrefixKey] {
        var previous = digest(Array(context.utf8))
        return (0..<max(0, tokens.count - 1) / chunk).map { number in
            var bytes = previous
            bytes.reserveCapacity(bytes.count + 4 * chunk)
            for token in tokens[number * chunk..<(number + 1) * chunk] {
                let word = UInt32(bitPattern: token)
                for shift in [0, 8, 16, 24] as [UInt32] {
                    bytes.append(UInt8(truncatingIfNeeded: word >> shift))
                }
            }
            previous = digest(bytes)
            return PrefixKey(bytes: previous)
        }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest()
    }
}
