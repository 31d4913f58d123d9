/// What a kernel computes for the distances of a slash index: keys relative to a row block's first position.
///
/// A set of distances looks the same from every row block, and so do the groups of keys that it meets. One short
/// list per head therefore serves all row blocks: shift it, clip it at key 0 and at the block's last row, and what is
/// left is what the kernel walks.
package struct SlashProjection: Sendable {
    /// Offsets `key - p0` from a row block's first position `p0`: ascending, disjoint, not touching, and no lower than
    /// key 0 seen from the last row block.
    package let offsets: [Range<Int>]
    /// The row blocks that compute them.
    package let blocks: RowBlocks

    /// The keys that a row block computes for the distances: ascending, disjoint, clipped to its last row.
    package func keyRanges(block: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        forEachKeyRange(block: block) { ranges.append($0) }
        return ranges
    }

    /// Calls `body` with every range of `keyRanges`, without building a list.
    package func forEachKeyRange(block: Int, _ body: (Range<Int>) -> Void) {
        let positions = blocks.positions(block)
        let first = offsets.partitionPoint { $0.upperBound > -positions.lowerBound }
        for index in first..<offsets.count {
            let start = max(offsets[index].lowerBound + positions.lowerBound, 0)
            let end = min(offsets[index].upperBound + positions.lowerBound, positions.upperBound)
            if start < end { body(start..<end) }
        }
    }

    /// Whether a row block computes `key` for one of the distances; `key` must not be after its last row.
    package func covers(key: Int, block: Int) -> Bool {
        covers(offset: key - blocks.positions(block).lowerBound)
    }

    /// Whether a key at this offset from a row block's first position is computed for one of the distances.
    func covers(offset: Int) -> Bool {
        let index = offsets.partitionPoint { $0.upperBound > offset }
        return index < offsets.count && offsets[index].lowerBound <= offset
    }
}

extension SlashIndex {
    /// What a kernel of `geometry` computes for the distances: one projection for aligned groups, one per half of the
    /// tiles for boxes.
    package func projections(shape: AttentionShape, geometry: AttentionGeometry) -> [SlashProjection] {
        switch geometry.placement {
        case .aligned: return [alignedProjection(shape: shape, geometry: geometry)]
        case .boxes:
            let boxes = SlashBoxes(self, shape: shape)
            return [boxes.projection(ofHalf: 0, shape: shape), boxes.projection(ofHalf: 1, shape: shape)]
        }
    }

    /// The aligned key groups that the distances meet; with `rowBlock` a multiple of `keyGroup` they are the same
    /// from every row block.
    private func alignedProjection(shape: AttentionShape, geometry: AttentionGeometry) -> SlashProjection {
        let group = geometry.keyGroup
        let blocks = RowBlocks(
            first: shape.queryStart, rows: geometry.rowBlock, step: geometry.rowBlock, end: shape.keyCount)
        // Every row block starts at this place within a key group.
        let phase = shape.queryStart % group
        let lowest = -blocks.positions(max(blocks.count - 1, 0)).lowerBound
        var offsets: [Range<Int>] = []
        offsets.reserveCapacity(distances.count)
        for range in distances.reversed() {
            let start = phase - Int(range.upperBound) + 1
            let end = phase + geometry.rowBlock - Int(range.lowerBound)
            let aligned = max(floor(start, group) - phase, lowest)
            let alignedEnd = floor(end + group - 1, group) - phase
            if alignedEnd <= aligned { continue }
            if let last = offsets.last, aligned <= last.upperBound {
                offsets[offsets.count - 1] = last.lowerBound..<max(last.upperBound, alignedEnd)
            } else {
                offsets.append(aligned..<alignedEnd)
            }
        }
        return SlashProjection(offsets: offsets, blocks: blocks)
    }
}

/// The largest multiple of `step` that is not above `value`.
private func floor(_ value: Int, _ step: Int) -> Int {
    value >= 0 ? value / step * step : -((step - 1 - value) / step * step)
}
