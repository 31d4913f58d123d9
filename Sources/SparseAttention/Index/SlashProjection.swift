/// What a kernel computes for the distances of a slash index: groups of keys, relative to a row block's first position.
///
/// A set of distances looks the same from every row block, and with `rowBlock` a multiple of `keyGroup` so do the
/// aligned key groups that it meets. One short list per head therefore serves all row blocks: shift it, clip it at key 0
/// and at the block's last row, and what is left is what the kernel walks.
package struct SlashProjection: Sendable {
    /// Offsets `key - p0` from a row block's first position `p0`: ascending, disjoint, not touching, aligned to key
    /// groups, and no lower than key 0 seen from the last row block.
    package let offsets: [Range<Int>]
    let shape: AttentionShape
    let geometry: AttentionGeometry

    /// Projects the distances of `index` over a row block.
    package init(_ index: SlashIndex, shape: AttentionShape, geometry: AttentionGeometry) {
        self.shape = shape
        self.geometry = geometry
        let group = geometry.keyGroup
        // Every row block starts at this place within a key group.
        let phase = shape.queryStart % group
        let lowest = -(shape.queryStart + max(shape.rowBlockCount(geometry) - 1, 0) * geometry.rowBlock)
        var offsets: [Range<Int>] = []
        offsets.reserveCapacity(index.distances.count)
        for range in index.distances.reversed() {
            let start = phase - Int(range.upperBound) + 1
            let end = phase + geometry.rowBlock - Int(range.lowerBound)
            let aligned = max(Self.floor(start, group) - phase, lowest)
            let alignedEnd = Self.floor(end + group - 1, group) - phase
            if alignedEnd <= aligned { continue }
            if let last = offsets.last, aligned <= last.upperBound {
                offsets[offsets.count - 1] = last.lowerBound..<max(last.upperBound, alignedEnd)
            } else {
                offsets.append(aligned..<alignedEnd)
            }
        }
        self.offsets = offsets
    }

    /// The keys that a row block computes for the distances: ascending, disjoint, clipped to its last row.
    package func keyRanges(rowBlock: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        forEachKeyRange(rowBlock: rowBlock) { ranges.append($0) }
        return ranges
    }

    /// Calls `body` with every range of `keyRanges`, without building a list.
    package func forEachKeyRange(rowBlock: Int, _ body: (Range<Int>) -> Void) {
        let positions = positions(ofRowBlock: rowBlock)
        for index in firstOffset(endingAfter: -positions.lowerBound)..<offsets.count {
            let start = max(offsets[index].lowerBound + positions.lowerBound, 0)
            let end = min(offsets[index].upperBound + positions.lowerBound, positions.upperBound)
            if start < end { body(start..<end) }
        }
    }

    /// Whether a row block computes `key` for one of the distances; `key` must not be after its last row.
    package func covers(key: Int, rowBlock: Int) -> Bool {
        let offset = key - positions(ofRowBlock: rowBlock).lowerBound
        let index = firstOffset(endingAfter: offset)
        return index < offsets.count && offsets[index].lowerBound <= offset
    }

    /// The positions of a row block's rows.
    func positions(ofRowBlock rowBlock: Int) -> Range<Int> { shape.positions(ofRowBlock: rowBlock, geometry) }

    /// The index of the first range that reaches beyond `offset`.
    private func firstOffset(endingAfter offset: Int) -> Int {
        var (low, high) = (0, offsets.count)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle].upperBound > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// The largest multiple of `step` that is not above `value`.
    private static func floor(_ value: Int, _ step: Int) -> Int {
        value >= 0 ? value / step * step : -((step - 1 - value) / step * step)
    }
}
