/// The cheapest columns and distances that together hold a share of the estimated attention mass.
///
/// Candidates are every score threshold of the columns with every price of the distances. The cost of a candidate is
/// the keys that it adds to a row block at the end of the prompt: one per column, and what the runs of distances cost.
/// The set of candidates does not depend on the share asked for, so a larger share never costs less.
struct MassSelection {
    private let lines: LineMasses
    private let gamma: Double
    private let columns: ColumnCurve
    private let runs: DistanceRuns
    /// Points of growing mass and cost; the first keeps no distance, the last every one.
    private var distances: [DistancePoint] = [DistancePoint(price: .infinity, keys: 0, mass: 0)]

    private struct DistancePoint {
        var price: Float
        var keys: Double
        var mass: Double
    }

    private struct Candidate {
        var column: ColumnCurve.Point
        var distance: DistancePoint
        var keys: Double { Double(column.count) + distance.keys }
    }

    /// Prepares a selection of the share `gamma`.
    init(_ lines: LineMasses, gamma: Float) {
        self.lines = lines
        self.gamma = Double(gamma)
        columns = ColumnCurve(lines)
        runs = DistanceRuns(
            cells: lines.cells, cell: lines.cell, opening: lines.opening, startsOpen: lines.local > 0)
    }

    /// The index: the cheapest that reaches gamma or, where that would compute more than the share `maximumDensity` of
    /// the causal pairs, about the richest that does not. Sinks and the local band are kept in any case.
    mutating func index(maximumDensity: Float, shape: AttentionShape, geometry: AttentionGeometry)
        -> SlashIndex
    {
        guard let candidate = cheapest() else {
            return maximumDensity < 1
                ? capped(
                    .dense, keys: Double(shape.keyCount), maximumDensity, shape: shape, geometry: geometry)
                : .dense
        }
        return capped(
            slashIndex(candidate), keys: candidate.keys, maximumDensity, shape: shape, geometry: geometry)
    }

    // MARK: Candidates

    /// The cheapest candidate that reaches gamma; nil when none does or none is cheaper than all keys.
    private mutating func cheapest() -> Candidate? {
        let limit = Double(lines.distanceRange.count)
        var best: Candidate?
        var highest = lines.cells.max() ?? 0
        guard gamma > lines.forced else {
            return Candidate(column: columns.points[0], distance: distances[0])
        }
        guard gamma < 1 else { return nil }
        highest /= Float(lines.cell)
        // Prices fall by half octaves, far enough to tell a share of 1e-9 over a million keys.
        for _ in 0..<10 where highest > 0 {
            let ladder = SIMD8<Float>(1, 0.70710678, 0.5, 0.35355339, 0.25, 0.17677669, 0.125, 0.088388348)
            append(runs.curve(prices: ladder * highest), prices: ladder * highest)
            best = cheapestKnown()
            let last = distances[distances.count - 1]
            if last.mass >= 1 || last.keys >= min(best?.keys ?? limit, limit) { break }
            highest /= 16
        }
        if let found = best { best = refined(found) }
        if best == nil {
            distances.append(
                DistancePoint(price: 0, keys: limit, mass: lines.cells.reduce(0) { $0 + Double($1) }))
            best = cheapestKnown()
        }
        return best.flatMap { $0.keys < limit ? $0 : nil }
    }

    /// The cheapest candidate when eight more prices, next to the one found so far, take part.
    private mutating func refined(_ candidate: Candidate) -> Candidate {
        let place = distances.partitionPoint { $0.mass >= candidate.distance.mass }
        guard place > 1 else { return candidate }
        let (high, low) = (distances[place - 1].price, distances[place].price)
        // From the higher price down to the lower one in equal ratios: the ninth root, by square roots of square roots.
        let step = (low / high).squareRoot().squareRoot().squareRoot()
        var prices = SIMD8<Float>(repeating: high)
        for lane in 1..<8 { prices[lane] = prices[lane - 1] * step }
        let octet = runs.curve(prices: prices)
        let rest = distances[place...]
        distances.removeSubrange(place...)
        append(octet, prices: prices)
        for point in rest where point.mass > distances[distances.count - 1].mass { distances.append(point) }
        return cheapestKnown() ?? candidate
    }

    private mutating func append(_ octet: DistanceRuns.Octet, prices: SIMD8<Float>) {
        for lane in 0..<8 {
            let last = distances[distances.count - 1]
            let mass = min(Double(octet.mass[lane]), 1)
            if mass > last.mass {
                distances.append(
                    DistancePoint(price: prices[lane], keys: Double(octet.keys[lane]), mass: mass))
            }
        }
    }

    private func cheapestKnown() -> Candidate? {
        var best: Candidate?
        for column in columns.points {
            if let best, Double(column.count) >= best.keys { break }
            // 1 - (1 - columns) * (1 - distances) >= the share of the rest that is still needed
            let missing = (1 - gamma) / lines.rest
            let needed = column.mass < 1 ? 1 - missing / (1 - column.mass) : 0
            let place = distances.partitionPoint { $0.mass >= needed }
            guard place < distances.count else { continue }
            let candidate = Candidate(column: column, distance: distances[place])
            if candidate.keys < best?.keys ?? .infinity { best = candidate }
        }
        return best
    }

    /// The candidate with the most mass that adds at most `keys` keys.
    private func richest(keys: Double) -> Candidate {
        var best = Candidate(column: columns.points[0], distance: distances[0])
        var bestMissing = Double.infinity
        for column in columns.points where Double(column.count) <= keys {
            let place = distances.partitionPoint { $0.keys > keys - Double(column.count) } - 1
            let distance = distances[max(place, 0)]
            let missing = (1 - column.mass) * (1 - distance.mass)
            if missing < bestMissing {
                (best, bestMissing) = (Candidate(column: column, distance: distance), missing)
            }
        }
        return best
    }

    // MARK: Index

    private func capped(
        _ index: SlashIndex, keys: Double, _ maximumDensity: Float, shape: AttentionShape,
        geometry: AttentionGeometry
    ) -> SlashIndex {
        guard maximumDensity < 1 else { return index }
        let allowed = Double(maximumDensity) * Double(shape.causalPairs)
        func pairs(_ index: SlashIndex) -> Double {
            Double(AttentionIndex.slashes(index).computedPairs(shape: shape, geometry: geometry))
        }
        var (index, keys) = (index, keys)
        var computed = pairs(index)
        guard computed > allowed else { return index }
        let least = slashIndex(Candidate(column: columns.points[0], distance: distances[0]))
        let leastPairs = pairs(least)
        while computed > allowed {
            guard leastPairs < allowed, computed > leastPairs, keys >= 1 else { return least }
            keys *= min((allowed - leastPairs) / (computed - leastPairs), 0.9)
            index = slashIndex(richest(keys: keys))
            computed = pairs(index)
        }
        return index
    }

    private func slashIndex(_ candidate: Candidate) -> SlashIndex {
        var ranges: [Range<Int32>] = lines.local > 0 ? [0..<Int32(lines.local)] : []
        let runs = candidate.distance.keys > 0 ? runs.runs(price: candidate.distance.price) : []
        for run in runs {
            let start = Int32(lines.distanceRange.lowerBound + run.lowerBound * lines.cell)
            let end = Int32(
                min(
                    lines.distanceRange.lowerBound + run.upperBound * lines.cell,
                    lines.distanceRange.upperBound))
            if let last = ranges.last, last.upperBound == start {
                ranges[ranges.count - 1] = last.lowerBound..<end
            } else {
                ranges.append(start..<end)
            }
        }
        return SlashIndex(distances: ranges, columns: ColumnCurve.columns(lines, from: candidate.column))
    }
}
