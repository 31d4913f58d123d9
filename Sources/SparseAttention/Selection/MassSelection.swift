/// The cheapest columns and distances that together hold a share of the estimated attention mass.
///
/// Candidates are every threshold of the columns' mass per cost with the best runs of distances at every price,
/// octaves apart and finer near the best. The cost of a candidate is the keys that it adds to a row block, see
/// `LineExtents.cost(of:)`.
struct MassSelection {
    private let candidates: MassCandidates
    private let extents: LineExtents
    private let shares: MassShares
    private let gamma: Double
    private let columns: ColumnCurve
    private let runs: DistanceRuns
    /// Growing runs, the first without a distance.
    private var distances = [DistancePoint(price: .infinity, cost: 0, own: 0, claimed: 0)]

    private struct DistancePoint {
        var price: Float
        var cost: Double
        var own: Double
        var claimed: Double
    }

    private struct Candidate {
        var column: ColumnCurve.Point
        var distance: DistancePoint
        var cost: Double { column.cost + distance.cost }
    }

    /// Prepares a selection of the share `gamma`; nil when nothing is known, and dense attention is right.
    init?(_ candidates: MassCandidates, gamma: Float, extents: LineExtents) {
        guard let shares = candidates.totals.shares(rows: extents.rows) else { return nil }
        self.shares = shares
        self.candidates = candidates
        self.extents = extents
        self.gamma = Double(gamma)
        columns = ColumnCurve(candidates.columns, extents: extents)
        runs = DistanceRuns(candidates.cells, extents: extents)
    }

    /// The index: the cheapest that reaches gamma or, where that would compute more than the share `maximumDensity`
    /// of the causal pairs, about the richest that does not. Sinks and the local band are kept in any case.
    mutating func index(
        maximumDensity: Float, shape: AttentionShape, geometry: AttentionGeometry
    ) -> SlashIndex {
        let candidate = cheapest()
        let index = candidate.map { slashIndex($0) } ?? .dense
        guard maximumDensity < 1 else { return index }
        let allowed = Double(maximumDensity) * Double(shape.causalPairs)
        return within(allowed, index, cost: candidate?.cost ?? extents.fullCost, rows: shape.queryCount) {
            Double(AttentionIndex.slashes($0).computedPairs(shape: shape, geometry: geometry))
        }
    }

    // MARK: Candidates

    /// The cheapest candidate that reaches gamma; nil when none does or none is cheaper than all keys.
    private mutating func cheapest() -> Candidate? {
        guard gamma > shares.forced else {
            return Candidate(column: columns.points[0], distance: distances[0])
        }
        let limit = min(extents.fullCost, extents.costLimit)
        var best: Candidate?
        var price = runs.highestPrice
        // Far enough down to tell a share of 1e-9 over a million keys.
        for _ in 0..<6 where price > 0 {
            append(prices: price * SIMD8<Float>(1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128))
            best = cheapestKnown()
            if distances[distances.count - 1].cost >= min(best?.cost ?? limit, limit) { break }
            price /= 256
        }
        if let coarse = best { best = refined(coarse) }
        return best.flatMap { $0.cost < extents.fullCost ? $0 : nil }
    }

    /// The cheapest candidate when eight more prices, next to the one found so far, take part.
    private mutating func refined(_ candidate: Candidate) -> Candidate {
        let place = distances.partitionPoint { $0.claimed >= candidate.distance.claimed }
        guard place > 0 else { return candidate }
        // Equal ratios from an octave above down to just above the price itself.
        let step: Float = 0.917_004
        var prices = SIMD8<Float>(repeating: distances[place].price * 2 * step)
        for lane in 1..<8 { prices[lane] = prices[lane - 1] * step }
        let heavier = distances[place...]
        distances.removeSubrange(place...)
        append(prices: prices)
        for point in heavier where point.claimed > distances[distances.count - 1].claimed {
            distances.append(point)
        }
        return cheapestKnown() ?? candidate
    }

    private mutating func append(prices: SIMD8<Float>) {
        let octet = runs.curve(prices: prices)
        for lane in 0..<8 where Double(octet.claimed[lane]) > distances[distances.count - 1].claimed {
            distances.append(
                DistancePoint(
                    price: prices[lane], cost: Double(octet.cost[lane]), own: Double(octet.own[lane]),
                    claimed: Double(octet.claimed[lane])))
        }
    }

    private func cheapestKnown() -> Candidate? {
        var best: Candidate?
        for column in columns.points {
            if let best, column.cost >= best.cost { break }
            let place = distances.partitionPoint { kept(column, $0) >= gamma }
            guard place < distances.count else { continue }
            let candidate = Candidate(column: column, distance: distances[place])
            if candidate.cost < best?.cost ?? .infinity { best = candidate }
        }
        return best
    }

    /// The candidate with the most mass that costs at most `cost`.
    private func richest(cost: Double) -> Candidate {
        var best = Candidate(column: columns.points[0], distance: distances[0])
        var most = 0.0
        for column in columns.points where column.cost <= cost {
            let place = distances.partitionPoint { $0.cost > cost - column.cost } - 1
            let candidate = Candidate(column: column, distance: distances[max(place, 0)])
            let mass = kept(column, candidate.distance)
            if mass > most { (best, most) = (candidate, mass) }
        }
        return best
    }

    private func kept(_ column: ColumnCurve.Point, _ distance: DistancePoint) -> Double {
        shares.kept(
            own: column.own + distance.own, sharedColumns: column.shared,
            sharedDistances: distance.claimed - distance.own)
    }

    // MARK: Index

    /// `index`, or about the richest that computes at most `allowed` pairs: the first found to use nine tenths of them, or
    /// the best of four. A candidate's cost is its pairs over `rows` but for what columns and distances share, so scaling
    /// the cost by what is missing or too much finds it in a step or two; counting pairs is the expensive part.
    private func within(
        _ allowed: Double, _ index: SlashIndex, cost: Double, rows: Int, pairs: (SlashIndex) -> Double
    ) -> SlashIndex {
        let expected = allowed / Double(max(rows, 1))
        if cost < extents.costLimit, pairs(index) <= allowed { return index }
        // Sinks and the local band, which spreads over a row block, cost this much whatever is chosen.
        let forced = Double(extents.sinks + extents.local + extents.rowBlock)
        var best: SlashIndex?
        var (low, high) = (0.0, cost)
        var middle = min(cost, expected - forced)
        for _ in 0..<4 where middle > low {
            let candidate = slashIndex(richest(cost: middle))
            let computed = pairs(candidate)
            if computed <= allowed {
                (low, best) = (middle, candidate)
                if computed >= 0.85 * allowed { break }
            } else {
                high = middle
            }
            let free = max(computed / Double(max(rows, 1)) - forced, 1)
            let scaled = middle * (0.95 * expected - forced) / free
            middle = scaled > low && scaled < high ? scaled : (low + high) / 2
        }
        return best ?? slashIndex(Candidate(column: columns.points[0], distance: distances[0]))
    }

    private func slashIndex(_ candidate: Candidate) -> SlashIndex {
        var ranges: [Range<Int32>] = extents.local > 0 ? [0..<Int32(extents.local)] : []
        let chosen = candidate.distance.cost > 0 ? runs.runs(price: candidate.distance.price) : []
        for run in chosen {
            if let last = ranges.last, Int(last.upperBound) == run.lowerBound {
                ranges[ranges.count - 1] = last.lowerBound..<Int32(run.upperBound)
            } else {
                ranges.append(Int32(run.lowerBound)..<Int32(run.upperBound))
            }
        }
        return SlashIndex(
            distances: ranges,
            columns: ColumnCurve.columns(candidates.columns, extents: extents, from: candidate.column))
    }
}
