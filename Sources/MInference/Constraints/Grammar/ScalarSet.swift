/// A set of Unicode scalars, as ranges in order that do not touch.
struct ScalarSet: Sendable, Hashable {
    private(set) var ranges: [ClosedRange<UInt32>]

    /// Every scalar.
    static let all = ScalarSet([0...0xD7FF, 0xE000...0x10FFFF])
    /// What a JSON string can hold without an escape.
    static let plain = ScalarSet([0...0x1F, 0x22...0x22, 0x5C...0x5C]).inverted

    /// The scalars of ranges in any order.
    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.ranges.last, range.lowerBound <= last.upperBound &+ 1 {
                self.ranges[self.ranges.count - 1] =
                    last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                self.ranges.append(range)
            }
        }
    }

    /// The scalars of a text.
    init(_ text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

    /// Every scalar that is not in this set.
    var inverted: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return ScalarSet(result).intersection(.all)
    }

    /// What is in both sets.
    func intersection(_ other: ScalarSet) -> ScalarSet {
        ScalarSet(
            ranges.flatMap { a in
                other.ranges.compactMap { b in
                    let low = max(a.lowerBound, b.lowerBound)
                    let high = min(a.upperBound, b.upperBound)
                    return low <= high ? low...high : nil
                }
            })
    }

    /// What is in either set.
    func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

    /// Whether a scalar is in the set.
    func contains(_ scalar: Unicode.Scalar) -> Bool { ranges.contains { $0.contains(scalar.value) } }
}

extension ByteGrammar {
    /// One scalar of a set, in UTF-8.
    mutating func scalar(_ set: ScalarSet) -> NodeID {
        var single = ByteSet()
        var parts: [NodeID] = []
        for range in set.intersection(.all).ranges {
            for piece in Self.pieces(of: range) {
                let first = Array(Self.utf8(piece.lowerBound))
                let last = Array(Self.utf8(piece.upperBound))
                if first.count == 1 {
                    for byte in first[0]...last[0] { single.insert(byte) }
                } else {
                    parts.append(sequence(zip(first, last).map { byte(ByteSet($0...$1)) }))
                }
            }
        }
        if single != ByteSet() { parts.append(byte(single)) }
        return choice(parts)
    }

    private static func utf8(_ value: UInt32) -> String.UTF8View {
        String(Unicode.Scalar(value).map(Character.init) ?? " ").utf8
    }

    /// Ranges whose encodings are all combinations of one byte range for each place.
    private static func pieces(of range: ClosedRange<UInt32>) -> [ClosedRange<UInt32>] {
        func split(after last: UInt32) -> [ClosedRange<UInt32>] {
            pieces(of: range.lowerBound...last) + pieces(of: last + 1...range.upperBound)
        }
        for last: UInt32 in [0x7F, 0x7FF, 0xFFFF] where range.contains(last) && last < range.upperBound {
            return split(after: last)
        }
        guard range.lowerBound > 0x7F else { return [range] }
        for bits: UInt32 in [6, 12, 18] {
            let mask = UInt32(1) << bits - 1
            guard range.lowerBound & ~mask != range.upperBound & ~mask else { continue }
            if range.lowerBound & mask != 0 { return split(after: range.lowerBound | mask) }
            if range.upperBound & mask != mask { return split(after: (range.upperBound & ~mask) - 1) }
        }
        return [range]
    }
}
