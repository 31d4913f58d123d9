/// Chooses the columns and distances of a vertical-slash head from the attention of the last rows.
package enum VerticalSlashSelection {
    /// The index that `budget` keeps.
    ///
    /// `columns[k]` and `distances[d]` are the masses that the last `rows` rows give to key `k` and to distance `d`,
    /// each `shape.keyCount` long; a row's mass is 1. NaN and negative entries count as zero.
    package static func select(
        columns: UnsafeBufferPointer<Float>, distances: UnsafeBufferPointer<Float>, rows: Int,
        budget: VerticalSlashBudget, forcing: VerticalSlashForcing = .standard, shape: AttentionShape,
        geometry: AttentionGeometry
    ) -> SlashIndex {
        precondition(
            columns.count == shape.keyCount && distances.count == shape.keyCount,
            "one score per key and distance")
        switch budget.storage {
        case .fixed(let verticals, let slashes):
            return fixed(
                columns: columns, distances: distances, verticals: verticals, slashes: slashes,
                forcing: forcing)
        case .mass(let gamma, let cap):
            let maximumDensity = cap.density(keyCount: shape.keyCount)
            guard gamma < 1 || maximumDensity < 1,
                let extents = LineExtents(
                    rows: rows, forcing: forcing, maximumDensity: maximumDensity, shape: shape,
                    geometry: geometry),
                let lines = LineMasses(columns: columns, distances: distances, extents: extents),
                var selection = MassSelection(lines.candidates, gamma: gamma, extents: extents)
            else { return .dense }
            return selection.index(maximumDensity: maximumDensity, shape: shape, geometry: geometry)
        }
    }

    /// The index that `budget` keeps of `sums`.
    package static func select(
        _ sums: LineSums, budget: VerticalSlashBudget, forcing: VerticalSlashForcing = .standard,
        shape: AttentionShape, geometry: AttentionGeometry
    ) -> SlashIndex {
        sums.columns.withUnsafeBufferPointer { columns in
            sums.distances.withUnsafeBufferPointer { distances in
                select(
                    columns: columns, distances: distances, rows: sums.rows, budget: budget, forcing: forcing,
                    shape: shape, geometry: geometry)
            }
        }
    }

    /// Counts as the reference takes them: clamped to the prompt and to a minimum, the forced lines within the
    /// counts.
    ///
    /// Source: MInference, `vertical_and_slash_kernel`: V = min(L, max(V, 30)), S = min(L, max(S, 50)), columns
    /// 0..<30 and distances 0..<100 rank above all others, then top-k of each.
    private static func fixed(
        columns: UnsafeBufferPointer<Float>, distances: UnsafeBufferPointer<Float>, verticals: Int,
        slashes: Int,
        forcing: VerticalSlashForcing
    ) -> SlashIndex {
        let keptColumns = TopLines.select(
            columns, count: max(verticals, forcing.minimumVerticals), forced: forcing.sinks)
        let keptDistances = TopLines.select(
            distances, count: max(slashes, forcing.minimumSlashes), forced: forcing.local)
        return SlashIndex(distances: SlashIndex.ranges(ofAscending: keptDistances), columns: keptColumns)
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
