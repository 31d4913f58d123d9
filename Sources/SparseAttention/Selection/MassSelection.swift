/// The cheapest columns and distances that together hold a share of the estimated attention mass.
///
/// The cost is the keys that a row block at the end of the prompt computes: one per column, and what runs of distances
/// cost. At a price per key, columns worth the price and the runs that gain most are the best choice; falling prices keep
/// more and more. The highest price that keeps enough mass is found on a fixed ladder of prices, so a larger share
/// never keeps less.
struct MassSelection {
    private let lines: LineMasses
    private let runs: DistanceRuns
    /// Distances of a cell, the unit in which distances are kept.
    private let cell: Int
    /// For each step of the ladder, the mass of the columns worth its price.
    private let columnMass: [Double]
    /// For each step of the ladder, how many columns those are.
    private let columnCount: [Int]
    /// The step above which nothing is worth its price.
    private let highest: Int

    /// Prepares a selection for a kernel of `geometry`.
    init(_ lines: LineMasses, geometry: AttentionGeometry) {
        self.lines = lines
        cell = max(geometry.rowBlock / 4, geometry.keyGroup)
        let cells = lines.cells(width: cell)
        runs = DistanceRuns(cells: cells, cell: cell, opening: geometry.rowBlock, startsOpen: lines.local > 0)
        var mass = [Double](repeating: 0, count: PriceLadder.count)
        var count = [Int](repeating: 0, count: PriceLadder.count)
        for key in lines.columnRange {
            let step = PriceLadder.step(lines.columns[key])
            if step >= 0 {
                mass[step] += Double(lines.columns[key])
                count[step] += 1
            }
        }
        for step in (0..<PriceLadder.count - 1).reversed() {
            mass[step] += mass[step + 1]
            count[step] += count[step + 1]
        }
        columnMass = mass
        columnCount = count
        let heaviestCell = PriceLadder.step((cells.max() ?? 0) / Float(cell))
        highest = max(heaviestCell, count.lastIndex { $0 > 0 } ?? 0, 0)
    }

    /// The index that keeps the share `gamma` or, where that would compute more than the share `maximumDensity` of the
    /// causal pairs, the largest that does not. Sinks and the local band are kept in any case.
    func index(
        gamma: Float, maximumDensity: Float, shape: AttentionShape, geometry: AttentionGeometry
    ) -> SlashIndex {
        let step = Double(gamma) > lines.forced ? step(keeping: Double(gamma) - lines.forced) : highest + 1
        let index = step.map { slashIndex(step: $0) } ?? .dense
        guard maximumDensity < 1 else { return index }
        func fits(_ index: SlashIndex) -> Bool {
            let allowed = Double(maximumDensity) * Double(shape.causalPairs)
            return Double(AttentionIndex.slashes(index).computedPairs(shape: shape, geometry: geometry)) <= allowed
        }
        if fits(index) { return index }
        var (tooMuch, best, bestIndex) = (step ?? -1, highest + 1, slashIndex(step: highest + 1))
        while best - tooMuch > 1 {
            let middle = (tooMuch + best) / 2
            let candidate = slashIndex(step: middle)
            if fits(candidate) { (best, bestIndex) = (middle, candidate) } else { tooMuch = middle }
        }
        return bestIndex
    }

    /// The highest step of the ladder that keeps `mass`; nil when none does, or none for fewer than all keys.
    private func step(keeping mass: Double) -> Int? {
        var tooHigh = highest + 1
        while tooHigh > 0 {
            // Eight coarse steps down, then the eight fine ones that lead to the first that keeps enough.
            let coarse = kept(from: tooHigh, by: 8)
            if let lane = (0..<8).first(where: { coarse.mass[$0] >= mass }) {
                let above = tooHigh - 8 * lane
                let fine = kept(from: above, by: 1)
                guard let place = (0..<8).first(where: { fine.mass[$0] >= mass }) else { return nil }
                return fine.keys[place] < Double(lines.distanceRange.count) ? max(above - 1 - place, 0) : nil
            }
            guard coarse.keys[7] < Double(lines.distanceRange.count) else { return nil }
            tooHigh -= 64
        }
        return nil
    }

    /// Mass and keys at the eight steps `start - stride`, `start - 2 * stride`, ...
    private func kept(from start: Int, by stride: Int) -> (mass: [Double], keys: [Double]) {
        let steps = (1...8).map { max(start - stride * $0, 0) }
        var prices = SIMD8<Float>()
        for lane in 0..<8 { prices[lane] = PriceLadder.price(steps[lane]) }
        let best = runs.curve(prices: prices)
        return (
            (0..<8).map { Double(best.mass[$0]) + columnMass[steps[$0]] },
            (0..<8).map { Double(best.keys[$0]) + Double(columnCount[steps[$0]]) }
        )
    }

    /// The index at the price of a step; above `highest` sinks and local band alone.
    private func slashIndex(step: Int) -> SlashIndex {
        var ranges: [Range<Int32>] = lines.local > 0 ? [0..<Int32(lines.local)] : []
        let chosen = step <= highest ? runs.runs(price: PriceLadder.price(step)) : []
        for run in chosen {
            let start = lines.distanceRange.lowerBound + run.lowerBound * cell
            let end = min(lines.distanceRange.lowerBound + run.upperBound * cell, lines.distanceRange.upperBound)
            if let last = ranges.last, Int(last.upperBound) == start {
                ranges[ranges.count - 1] = last.lowerBound..<Int32(end)
            } else {
                ranges.append(Int32(start)..<Int32(end))
            }
        }
        return SlashIndex(distances: ranges, columns: columns(step: step))
    }

    /// The sinks and the columns worth the price of a step, ascending.
    private func columns(step: Int) -> [Int32] {
        let count = step <= highest ? columnCount[step] : 0
        guard count > 0 else { return Array(0..<Int32(lines.sinks)) }
        // One more than needed, so that a column can be stored before it is known to be kept.
        return [Int32](unsafeUninitializedCapacity: lines.sinks + count + 1) { columns, filled in
            for key in 0..<lines.sinks { columns[key] = Int32(key) }
            var next = lines.sinks
            for key in lines.columnRange {
                columns[next] = Int32(key)
                next += PriceLadder.step(lines.columns[key]) >= step ? 1 : 0
            }
            filled = next
        }
    }
}
