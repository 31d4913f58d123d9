/// The best runs of cells of distances at a price per key.
///
/// A run of distances costs a row block one key per distance and a row block's worth more, because the block's rows
/// see the run at shifted places; distances between two runs that are nearer than that come for free. So cells are
/// not chosen one by one: at a price `p` the runs that maximise `mass - p * cost` are found exactly, by dynamic
/// programming over the cells with two states, within a run or outside. Falling prices give a growing curve of mass
/// against cost.
struct DistanceRuns {
    private let extents: LineExtents
    private let cells: [Cell]
    private let startsInside: Bool

    /// Neighbouring distances that are kept or left together.
    private struct Cell {
        /// Its first distance.
        var start: Int
        /// What its distances claim of the mass.
        var claimed: Float
        /// Their own part of that.
        var own: Float
        /// The keys that it costs a row block within a run.
        var cost: Float
        /// What it costs more where it begins a run.
        var opening: Float
    }

    /// Claimed mass, own mass and cost of the best runs at eight prices.
    struct Octet {
        var claimed: SIMD8<Float>
        var own = SIMD8<Float>()
        var cost = SIMD8<Float>()
    }

    /// Runs over candidate cells. One that begins with the first distance continues the local band; between candidates
    /// that are no neighbours a run ends.
    init(_ lines: MassCandidates.Lines, extents: LineExtents) {
        self.extents = extents
        startsInside = extents.local > 0
        var cells: [Cell] = []
        cells.reserveCapacity(lines.places.count + lines.places.count / 4)
        var next: Int32 = 0
        for (index, place) in lines.places.enumerated() {
            // Nobody keeps a cell that costs nothing but claims less than nothing.
            if place != next { cells.append(Cell(start: 0, claimed: -1e30, own: 0, cost: 0, opening: 0)) }
            next = place + 1
            let start = extents.distanceRange.lowerBound + Int(place) * extents.cellWidth
            cells.append(
                Cell(
                    start: start, claimed: lines.claimed[index], own: lines.own[index],
                    cost: extents.cost(ofCell: Int(place)),
                    opening: extents.cost(of: start) * Float(extents.rowBlock)))
        }
        self.cells = cells
    }

    /// The highest price at which a cell can be worth keeping.
    var highestPrice: Float { cells.reduce(0) { $1.cost > 0 ? max($0, $1.claimed / $1.cost) : $0 } }

    /// What the state within a run is worth before the first cell.
    private var startMass: Float { startsInside ? 0 : -1e30 }

    /// The best runs at each of `prices`, weighed but not listed.
    func curve(prices: SIMD8<Float>) -> Octet {
        var inside = Octet(claimed: SIMD8(repeating: startMass))
        var outside = Octet(claimed: SIMD8())
        cells.withUnsafeBufferPointer { cells in
            for cell in cells {
                let before = inside
                let insideValue = inside.claimed - prices * inside.cost
                let outsideValue = outside.claimed - prices * outside.cost
                let opens = outsideValue - prices * cell.opening .> insideValue
                let closes = insideValue .> outsideValue
                inside.claimed.replace(with: outside.claimed, where: opens)
                inside.own.replace(with: outside.own, where: opens)
                inside.cost.replace(with: outside.cost + cell.opening, where: opens)
                outside.claimed.replace(with: before.claimed, where: closes)
                outside.own.replace(with: before.own, where: closes)
                outside.cost.replace(with: before.cost, where: closes)
                inside.claimed += cell.claimed
                inside.own += cell.own
                inside.cost += cell.cost
            }
        }
        let ends = inside.claimed - prices * inside.cost .>= outside.claimed - prices * outside.cost
        outside.claimed.replace(with: inside.claimed, where: ends)
        outside.own.replace(with: inside.own, where: ends)
        outside.cost.replace(with: inside.cost, where: ends)
        return outside
    }

    /// The best runs at `price`, those that `curve` weighed, as ascending ranges of distances.
    func runs(price: Float) -> [Range<Int>] {
        var (insideMass, insideCost): (Float, Float) = (startMass, 0)
        var (outsideMass, outsideCost): (Float, Float) = (0, 0)
        // Bit 0: the cell, if kept, begins a run; bit 1: if it is not kept, the one before ends a run.
        var steps = [UInt8](repeating: 0, count: cells.count)
        for (index, cell) in cells.enumerated() {
            let insideValue = insideMass - price * insideCost
            let outsideValue = outsideMass - price * outsideCost
            let opens = outsideValue - price * cell.opening > insideValue
            let closes = insideValue > outsideValue
            steps[index] = (opens ? 1 : 0) | (closes ? 2 : 0)
            let mass = (opens ? outsideMass : insideMass) + cell.claimed
            let cost = (opens ? outsideCost + cell.opening : insideCost) + cell.cost
            if closes { (outsideMass, outsideCost) = (insideMass, insideCost) }
            (insideMass, insideCost) = (mass, cost)
        }
        var runs: [Range<Int>] = []
        var end = insideMass - price * insideCost >= outsideMass - price * outsideCost ? cells.count : nil
        for index in cells.indices.reversed() {
            if let runEnd = end {
                if steps[index] & 1 != 0 {
                    runs.append(distances(index..<runEnd))
                    end = nil
                }
            } else if steps[index] & 2 != 0 {
                end = index
            }
        }
        if let runEnd = end, runEnd > 0 { runs.append(distances(0..<runEnd)) }
        return runs.reversed()
    }

    private func distances(_ run: Range<Int>) -> Range<Int> {
        let end = cells[run.upperBound - 1].start + extents.cellWidth
        return cells[run.lowerBound].start..<min(end, extents.distanceRange.upperBound)
    }
}
