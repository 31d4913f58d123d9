import MInference

/// Drawing, in the module's own way: the standard library does not promise how it maps bits to a range, and a seed must
/// give the same document in every release.
extension SplitMix64 {
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
