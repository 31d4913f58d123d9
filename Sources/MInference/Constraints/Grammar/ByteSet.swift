/// A set of bytes.
package struct ByteSet: Sendable, Hashable {
    private var words = SIMD4<UInt64>()

    /// The bytes of `ranges`.
    package init(_ ranges: ClosedRange<UInt8>...) {
        for range in ranges { for byte in range { insert(byte) } }
    }

    /// The bytes of an ASCII text.
    package init(_ text: StaticString) {
        text.withUTF8Buffer { for byte in $0 { insert(byte) } }
    }

    /// Adds a byte.
    package mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    /// Whether a byte is in the set.
    package func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }
}
