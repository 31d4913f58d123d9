extension SlashIndex {
    /// Whether a kernel computes `key` for a row, for a distance of some row of the row block or as a column.
    func isKept(row: Int, key: Int, shape: AttentionShape, geometry: AttentionGeometry) -> Bool {
        let blockStart = shape.queryStart + row / geometry.rowBlock * geometry.rowBlock
        let groupStart = key / geometry.keyGroup * geometry.keyGroup
        // The first range whose keys do not all lie before the group.
        let lowest = blockStart + 1 - groupStart - geometry.keyGroup
        let next = distances.partitionPoint { Int($0.upperBound) > lowest }
        if next < distances.count,
            Int(distances[next].lowerBound) < blockStart + geometry.rowBlock - groupStart
        {
            return true
        }
        let column = columns.partitionPoint { Int($0) >= key }
        return column < columns.count && Int(columns[column]) == key
    }

    func keptRanges(row: Int, shape: AttentionShape, geometry: AttentionGeometry) -> [Range<Int>] {
        let end = shape.queryStart + row + 1
        let rowBlock = row / geometry.rowBlock
        let projection = SlashProjection(self, shape: shape, geometry: geometry)
        var ranges: [Range<Int>] = []
        projection.forEachKeyRange(rowBlock: rowBlock) { range in
            let clipped = range.clamped(to: 0..<end)
            if !clipped.isEmpty { ranges.append(clipped) }
        }
        for column in columns {
            let key = Int(column)
            if key >= end { break }
            if !projection.covers(key: key, rowBlock: rowBlock) { ranges.append(key..<key + 1) }
        }
        return ranges
    }
}
