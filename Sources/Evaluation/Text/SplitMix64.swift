/// A small seeded generator whose numbers are the same on every platform and in every release.
///
/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). The drawing functions
/// below are the module's own because the standard library does not promise how it maps bits to a range.
package struct SplitMix64: Sendable {
    private var state: UInt64

    /// A generator that always gives the same numbers for the same `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A generator for one part of the work, so that drawing more in one part leaves the others as they are.
    package mutating func split() -> SplitMix64 {
        SplitMix64(seed: next())
    }

    /// An integer in `0 ..< bound`; 0 when `bound` is not positive.
    package mutating func integer(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }

    /// An integer in `range`, which must not be empty.
    package mutating func integer(in range: Range<Int>) -> Int {
        range.lowerBound + integer(below: range.count)
    }

    /// True with probability `numerator / denominator`.
    package mutating func chance(_ numerator: Int, of denominator: Int) -> Bool {
        integer(below: denominator) < numerator
    }

    /// An element of `list`, which must not be empty.
    package mutating func pick<Element>(_ list: [Element]) -> Element {
        list[integer(below: list.count)]
    }

    /// `count` elements of `list` at distinct places, in random order; all of them when there are fewer.
    package mutating func sample<Element>(_ count: Int, of list: [Element]) -> [Element] {
        var rest = list
        let count = min(count, rest.count)
        for place in 0..<count {
            rest.swapAt(place, place + integer(below: rest.count - place))
        }
        return Array(rest.prefix(count))
    }

    /// Puts `list` in random order (Fisher-Yates).
    package mutating func shuffle<Element>(_ list: inout [Element]) {
        list = sample(list.count, of: list)
    }
}
