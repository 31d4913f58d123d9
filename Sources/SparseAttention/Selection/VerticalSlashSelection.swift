/// Chooses the columns and distances of a vertical-slash head from the attention of the last rows.
package enum VerticalSlashSelection {
    /// The index that `budget` keeps.
    ///
    /// `columns[k]` and `distances[d]` are the masses that the last `rows` rows give to key `k` and to distance `d`,
    /// each `shape.keyCount` long; a row's mass is 1. NaN and negative entries count as zero.
    package static func select(
        columns: UnsafeBufferPointer<Float>, distances: UnsafeBufferPointer<Float>, rows: Int,
        budget: VerticalSlashBudget, shape: AttentionShape, geometry: AttentionGeometry
    ) -> SlashIndex {
        precondition(
            columns.count == shape.keyCount && distances.count == shape.keyCount,
            "one score per key and distance")
        return VerticalSlashPlan(budget, rows: rows, shape: shape, geometry: geometry)
            .index(columns: columns, distances: distances)
    }

    /// The index that `budget` keeps of `sums`.
    package static func select(
        _ sums: LineSums, budget: VerticalSlashBudget, shape: AttentionShape, geometry: AttentionGeometry
    ) -> SlashIndex {
        sums.columns.withUnsafeBufferPointer { columns in
            sums.distances.withUnsafeBufferPointer { distances in
                select(
                    columns: columns, distances: distances, rows: sums.rows, budget: budget, shape: shape,
                    geometry: geometry)
            }
        }
    }
}

extension AttentionProbe {
    /// Sums the last 64 rows' probabilities and selects from them.
    public func verticalSlash(_ requests: [VerticalSlashRequest]) throws -> [SlashIndex] {
        let sums = try lastRowSums(heads: requests.map(\.head), rows: 64)
        return zip(requests, sums).map { request, sums in
            VerticalSlashSelection.select(sums, budget: request.budget, shape: shape, geometry: geometry)
        }
    }
}
