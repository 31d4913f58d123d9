/// Compression with repeats and fixed codes. Source: RFC 1951, sections 3.2.3 to 3.2.6; RFC 1950 for the frame.
package struct Deflate {
    private var output: [UInt8] = []
    private var pending: UInt64 = 0
    private var pendingBits = 0

    /// `bytes` as a zlib stream.
    package static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var deflate = Deflate()
        deflate.output = [0x78, 0x01]
        deflate.compress(bytes)
        let checksum = adler32(bytes)
        return deflate.output + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> $0) }
    }

    private static let window = 32768
    private static let longestMatch = 258
    /// The shortest length and the extra bits of the codes 257...285.
    private static let lengths =
        bases(
            extraBits: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5],
            from: 3) + [(longestMatch, 0)]
    /// The shortest distance and the extra bits of the codes 0...29.
    private static let distances = bases(extraBits: (0..<30).map { max($0 / 2 - 1, 0) }, from: 1)

    private static func bases(extraBits: [Int], from first: Int) -> [(base: Int, extra: Int)] {
        var base = first
        return extraBits.map { extra in
            defer { base += 1 << extra }
            return (base, extra)
        }
    }

    /// One final block; of earlier places with the same three bytes only the last one is tried.
    private mutating func compress(_ bytes: [UInt8]) {
        put(1, bits: 1)
        put(1, bits: 2)
        var latest = [Int32](repeating: -1, count: 1 << 15)
        var place = 0
        while place < bytes.count {
            var length = 0
            var distance = 0
            if place + 3 <= bytes.count {
                let word =
                    UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
                let slot = Int((word &* 0x9E37_79B1) >> 17)
                let earlier = Int(latest[slot])
                latest[slot] = Int32(place)
                if earlier >= 0, place - earlier <= Self.window {
                    distance = place - earlier
                    let limit = min(Self.longestMatch, bytes.count - place)
                    while length < limit, bytes[earlier + length] == bytes[place + length] { length += 1 }
                }
            }
            if length >= 4 {
                putLength(length)
                putDistance(distance)
                place += length
            } else {
                putSymbol(Int(bytes[place]))
                place += 1
            }
        }
        putSymbol(256)
        put(0, bits: (8 - pendingBits) & 7)
    }

    private mutating func putLength(_ length: Int) {
        let code = Self.lengths.lastIndex { $0.base <= length }!
        putSymbol(257 + code)
        put(UInt64(length - Self.lengths[code].base), bits: Self.lengths[code].extra)
    }

    private mutating func putDistance(_ distance: Int) {
        let code = Self.distances.lastIndex { $0.base <= distance }!
        putReversed(code, bits: 5)
        put(UInt64(distance - Self.distances[code].base), bits: Self.distances[code].extra)
    }

    /// A literal, a length or the end, in the fixed code.
    private mutating func putSymbol(_ symbol: Int) {
        switch symbol {
        case ..<144: putReversed(0x30 + symbol, bits: 8)
        case ..<256: putReversed(0x190 + symbol - 144, bits: 9)
        case ..<280: putReversed(symbol - 256, bits: 7)
        default: putReversed(0xC0 + symbol - 280, bits: 8)
        }
    }

    /// Codes lie with their highest bit first.
    private mutating func putReversed(_ code: Int, bits: Int) {
        put((0..<bits).reduce(UInt64(0)) { $0 << 1 | UInt64(code >> $1) & 1 }, bits: bits)
    }

    private mutating func put(_ value: UInt64, bits: Int) {
        pending |= value << UInt64(pendingBits)
        pendingBits += bits
        while pendingBits >= 8 {
            output.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            pendingBits -= 8
        }
    }

    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        return high << 16 | low
    }
}
