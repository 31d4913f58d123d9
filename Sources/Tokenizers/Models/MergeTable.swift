/// Which pairs of tokens merge, how early, and into what: a hash table with open addressing, at most two thirds full.
final class MergeTable: @unchecked Sendable {
    // Unchecked: the memory is written by the initializer only.

    /// A pair of neighbours that merge.
    struct Merge: Sendable, Hashable {
        var left: Int32
        var right: Int32
        var merged: Int32
        /// Its place in the order, smaller first, where that is not its place in the list; merges of one place go from left
        /// to right.
        var rank: Int32?
    }

    /// The place of a merge in the order of merges in the upper half, the merged token in the lower; smaller goes first.
    typealias Value = UInt64

    /// The value of a pair that does not merge.
    static let none = Value.max

    private struct Slot {
        var key: UInt64
        var value: Value
    }

    private let slots: UnsafeMutablePointer<Slot>
    private let shift: UInt64
    private let mask: Int

    /// How many merges were given.
    let count: Int

    /// The table of merges in their order; the last of duplicates counts.
    init(_ merges: [Merge]) {
        var bits = 4
        while (1 << bits) * 2 < merges.count * 3 { bits += 1 }
        count = merges.count
        shift = UInt64(64 - bits)
        mask = 1 << bits - 1
        slots = .allocate(capacity: 1 << bits)
        slots.initialize(repeating: Slot(key: .max, value: Self.none), count: 1 << bits)
        for (rank, merge) in merges.enumerated() {
            let key = Self.key(merge.left, merge.right)
            var index = start(of: key)
            while slots[index].key != .max, slots[index].key != key { index = (index + 1) & mask }
            slots[index] = Slot(
                key: key,
                value: UInt64(merge.rank.map { Int($0) } ?? rank) << 32
                    | UInt64(UInt32(bitPattern: merge.merged)))
        }
    }

    deinit { slots.deallocate() }

    /// The value of a pair, or ``none``.
    @inline(__always)
    func value(_ left: Int32, _ right: Int32) -> Value {
        let key = Self.key(left, right)
        var index = start(of: key)
        while true {
            let slot = slots[index]
            if slot.key == key { return slot.value }
            if slot.key == .max { return Self.none }
            index = (index + 1) & mask
        }
    }

    /// The token of a value that is not ``none``.
    @inline(__always)
    static func token(of value: Value) -> Int32 { Int32(truncatingIfNeeded: value) }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private func start(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }
}
