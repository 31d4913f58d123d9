import Compute

/// Names the keys and values of a run of tokens: a hash of everything that they depend on, all tokens before included.
package struct PrefixKey: Sendable, Hashable, CustomStringConvertible {
    /// 32 bytes.
    package let bytes: [UInt8]

    /// A name of 32 bytes.
    package init(bytes: [UInt8]) { self.bytes = bytes }

    /// The name as 64 hexadecimal digits.
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The name that a chain begins with, of no tokens.
    init(of context: String) { self.init(bytes: Self.digest(Array(context.utf8))) }

    /// The name of a run of tokens after what this one names.
    func followed(by tokens: ArraySlice<Int32>) -> PrefixKey {
        var bytes = bytes
        bytes.reserveCapacity(bytes.count + 4 * tokens.count)
        for token in tokens {
            let word = UInt32(bitPattern: token)
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return PrefixKey(bytes: Self.digest(bytes))
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest()
    }
}
