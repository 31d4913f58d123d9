/// What a budget asks for in one call, worked out before anything is estimated.
package enum VerticalSlashPlan: Sendable {
    /// Everything is kept, or there is nothing to choose from.
    case dense
    /// The lines with the highest sums.
    case counts(columns: LineCount, distances: LineCount)
    /// The cheapest lines that hold a share of the mass.
    case mass(MassPlan)

    /// The plan of `budget` for line sums over `rows` rows.
    package init(
        _ budget: VerticalSlashBudget, rows: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) {
        switch budget.storage {
        case .fixed(let verticals, let slashes):
            let forcing = VerticalSlashForcing.standard
            // Source: MInference, `vertical_and_slash_kernel`: V = min(L, max(V, 30)), S = min(L, max(S, 50)), columns
            // 0..<30 and distances 0..<100 rank above all others, then top-k of each.
            self = .counts(
                columns: LineCount(
                    max(verticals, forcing.minimumVerticals), forced: forcing.sinks, of: shape.keyCount),
                distances: LineCount(
                    max(slashes, forcing.minimumSlashes), forced: forcing.local, of: shape.keyCount))
        case .mass(let gamma, let cap, let forcing):
            let maximumDensity = cap.density(keyCount: shape.keyCount)
            guard gamma < 1 || maximumDensity < 1,
                let extents = LineExtents(
                    rows: rows, forcing: forcing, maximumDensity: maximumDensity, shape: shape,
                    geometry: geometry)
            else {
                self = .dense
                return
            }
            self = .mass(
                MassPlan(
                    gamma: gamma, maximumDensity: maximumDensity, extents: extents, geometry: geometry))
        }
    }

    /// How many lines of a kind are kept, the first ones in any case.
    package struct LineCount: Sendable, Hashable {
        /// Kept lines.
        package let count: Int
        /// The first lines, which rank above all others; at most `count`.
        package let forced: Int

        init(_ count: Int, forced: Int, of lines: Int) {
            self.count = min(count, lines)
            self.forced = min(max(forced, 0), self.count)
        }
    }

    /// A choice by mass.
    package struct MassPlan: Sendable {
        let gamma: Float
        let maximumDensity: Float
        /// Which lines can be chosen.
        package let extents: LineExtents
        let geometry: AttentionGeometry

        /// The index that is chosen from candidates; dense when nothing is known of the masses.
        package func index(_ candidates: MassCandidates) -> SlashIndex {
            guard var selection = MassSelection(candidates, gamma: gamma, extents: extents) else {
                return .dense
            }
            return selection.index(maximumDensity: maximumDensity, shape: extents.shape, geometry: geometry)
        }
    }

    /// The index that the plan keeps of a head.
    ///
    /// `columns[k]` and `distances[d]` are the masses that the last rows give to key `k` and to distance `d`, one per key
    /// of the call; a row's mass is 1. NaN and negative entries count as zero.
    package func index(columns: UnsafeBufferPointer<Float>, distances: UnsafeBufferPointer<Float>)
        -> SlashIndex
    {
        switch self {
        case .dense: return .dense
        case .counts(let columnCount, let distanceCount):
            let kept = TopLines.select(distances, count: distanceCount.count, forced: distanceCount.forced)
            return SlashIndex(
                distances: SlashIndex.ranges(ofAscending: kept),
                columns: TopLines.select(columns, count: columnCount.count, forced: columnCount.forced))
        case .mass(let plan):
            guard let lines = LineMasses(columns: columns, distances: distances, extents: plan.extents) else {
                return .dense
            }
            return plan.index(lines.candidates)
        }
    }
}
