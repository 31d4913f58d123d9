extension SlashIndex {
    /// The causal pairs that a kernel computes, each once.
    func computedPairs(shape: AttentionShape, geometry: AttentionGeometry) -> Int {
        guard !isDense(keyCount: shape.keyCount) else { return shape.causalPairs }
        let projections = projections(shape: shape, geometry: geometry)
        let pairs = projections.reduce(0) { $0 + $1.distancePairs() }
        guard !columns.isEmpty, pairs < shape.causalPairs else { return pairs }
        return projections.reduce(pairs) { $0 + $1.columnPairs(columns) }
    }

    /// Whether a kernel computes `key` for a row, for a distance of some row of the row block or as a column.
    func isKept(row: Int, key: Int, shape: AttentionShape, geometry: AttentionGeometry) -> Bool {
        let column = columns.partitionPoint { Int($0) >= key }
        if column < columns.count && Int(columns[column]) == key { return true }
        switch geometry.placement {
        case .aligned: return meetsGroup(row: row, key: key, shape: shape, geometry: geometry)
        case .boxes:
            let (projection, block) = projection(row: row, shape: shape, geometry: geometry)
            return projection.covers(key: key, block: block)
        }
    }

    func keptRanges(row: Int, shape: AttentionShape, geometry: AttentionGeometry) -> [Range<Int>] {
        let end = shape.queryStart + row + 1
        let (projection, block) = projection(row: row, shape: shape, geometry: geometry)
        var ranges: [Range<Int>] = []
        projection.forEachKeyRange(block: block) { range in
            let clipped = range.clamped(to: 0..<end)
            if !clipped.isEmpty { ranges.append(clipped) }
        }
        for column in columns {
            let key = Int(column)
            if key >= end { break }
            if !projection.covers(key: key, block: block) { ranges.append(key..<key + 1) }
        }
        return ranges
    }

    /// The projection that a row belongs to, and the number of its block there.
    private func projection(
        row: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) -> (SlashProjection, block: Int) {
        let projections = projections(shape: shape, geometry: geometry)
        let (block, place) = (row / geometry.rowBlock).quotientAndRemainder(dividingBy: projections.count)
        return (projections[place], block)
    }

    /// Whether a distance of some row of the row block meets the aligned group of `key`.
    private func meetsGroup(
        row: Int, key: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) -> Bool {
        let blockStart = shape.queryStart + row / geometry.rowBlock * geometry.rowBlock
        let groupStart = key / geometry.keyGroup * geometry.keyGroup
        // The first range whose keys do not all lie before the group.
        let lowest = blockStart + 1 - groupStart - geometry.keyGroup
        let next = distances.partitionPoint { Int($0.upperBound) > lowest }
        return next < distances.count
            && Int(distances[next].lowerBound) < blockStart + geometry.rowBlock - groupStart
    }
}
