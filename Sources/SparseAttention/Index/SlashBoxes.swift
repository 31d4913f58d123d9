/// The boxes of 64 keys that the two halves of a 128-row tile compute for the distances of a slash index.
///
/// A 64-row half whose first position is `q` needs, for a range `[lo, hi)` of distances, the offsets `key - q` in
/// `[1 - hi, 64 - lo)`; `U` is the union over the ranges. Seen from the first position `p` of a tile, half 0 needs
/// `U` and half 1 needs `U + 64`. Boxes `[b, b + 64)` of offsets `key - p` cover both from the lowest needed offset
/// upward, each beginning at the first needed offset that the one before does not reach; dense attention has them at
/// multiples of 64. A half computes every box that meets what it needs, whole, clipped to keys from 0 on and to each
/// row. Because distances look the same from every tile, one list per head serves a prompt of any length.
///
/// Source of the greedy cover: the index conversion of MInference 1.0, made once per head instead of per row block.
public struct SlashBoxes: Sendable, Hashable {
    /// Rows of a tile; tile `t` begins at position `queryStart + t * tileRows`.
    public static let tileRows = 128
    /// Rows of one half of a tile.
    public static let halfRows = 64
    /// Keys of a box.
    public static let boxKeys = 64

    /// Offsets `b` of boxes that both halves compute, nearest to the diagonal first (descending).
    public let both: [Int32]
    /// Offsets of boxes that only half 0 computes, descending.
    public let first: [Int32]
    /// Offsets of boxes that only half 1 computes, descending.
    public let second: [Int32]

    /// The boxes that a tile loads.
    public var count: Int { both.count + first.count + second.count }

    /// The boxes of `index` in a call of `shape`; offsets that lie before key 0 even for the last tile are left out.
    public init(_ index: SlashIndex, shape: AttentionShape) {
        let tiles = (shape.queryCount + Self.tileRows - 1) / Self.tileRows
        let lowest = -(shape.queryStart + max(tiles - 1, 0) * Self.tileRows)
        var builder = Builder()
        if index.isDense(keyCount: shape.keyCount) {
            let start = -((-lowest + Self.boxKeys - 1) / Self.boxKeys * Self.boxKeys)
            builder.cover(start..<Self.tileRows)
            builder.divide(needed: [start - Self.halfRows..<Self.halfRows])
        } else {
            let needed = Self.needed(by: index.distances, lowest: lowest - Self.halfRows)
            // Ranges are at least a half's rows wide, so that what the two halves need of one overlaps.
            for range in needed where range.upperBound + Self.halfRows > lowest {
                builder.cover(max(range.lowerBound, lowest)..<range.upperBound + Self.halfRows)
            }
            builder.divide(needed: needed)
        }
        both = builder.both.reversed()
        first = builder.first.reversed()
        second = builder.second.reversed()
    }

    /// What half 0 needs from `lowest` on, ascending and disjoint.
    private static func needed(by distances: [Range<Int32>], lowest: Int) -> [Range<Int>] {
        var needed: [Range<Int>] = []
        needed.reserveCapacity(distances.count)
        for range in distances.reversed() {
            let (start, end) = (1 - Int(range.upperBound), halfRows - Int(range.lowerBound))
            guard end > lowest else { continue }
            if let last = needed.last, start <= last.upperBound {
                needed[needed.count - 1] = last.lowerBound..<end
            } else {
                needed.append(start..<end)
            }
        }
        return needed
    }

    /// Lays boxes out, ascending, and sorts them by the halves that compute them.
    private struct Builder {
        var boxes: [Int] = []
        var both: [Int32] = []
        var first: [Int32] = []
        var second: [Int32] = []

        /// Adds boxes until `range`, which begins after all ranges before, is covered.
        mutating func cover(_ range: Range<Int>) {
            var start = range.lowerBound
            if let last = boxes.last { start = max(start, last + boxKeys) }
            while start < range.upperBound {
                boxes.append(start)
                start += boxKeys
            }
        }

        /// Puts each box into the list of those that meet `needed`, `needed` shifted by a half, or both.
        mutating func divide(needed: [Range<Int>]) {
            // The first range that does not end before the box, as half 0 and as half 1 see it.
            var (place, shiftedPlace) = (0, 0)
            func meets(_ box: Int, _ place: inout Int) -> Bool {
                while place < needed.count, needed[place].upperBound <= box { place += 1 }
                return place < needed.count && needed[place].lowerBound < box + boxKeys
            }
            for box in boxes {
                switch (meets(box, &place), meets(box - halfRows, &shiftedPlace)) {
                case (true, true): both.append(Int32(box))
                case (true, false): first.append(Int32(box))
                case (false, true): second.append(Int32(box))
                case (false, false): break
                }
            }
        }
    }
}

extension SlashBoxes {
    /// The keys that half `half` (0 or 1) of the tiles of `shape` computes, relative to the half's first position.
    package func projection(ofHalf half: Int, shape: AttentionShape) -> SlashProjection {
        let own = half == 0 ? first : second
        let shift = half * Self.halfRows
        var offsets: [Range<Int>] = []
        var (shared, single) = (both.count - 1, own.count - 1)
        while shared >= 0 || single >= 0 {
            let box: Int
            if single < 0 || (shared >= 0 && both[shared] < own[single]) {
                box = Int(both[shared]) - shift
                shared -= 1
            } else {
                box = Int(own[single]) - shift
                single -= 1
            }
            if let last = offsets.last, last.upperBound == box {
                offsets[offsets.count - 1] = last.lowerBound..<box + Self.boxKeys
            } else {
                offsets.append(box..<box + Self.boxKeys)
            }
        }
        return SlashProjection(
            offsets: offsets,
            blocks: RowBlocks(
                first: shape.queryStart + shift, rows: Self.halfRows, step: Self.tileRows, end: shape.keyCount
            ))
    }
}
