/// The best runs of cells of distances at a price per key.
///
/// A run of distances costs a row block one key per distance and a row block's worth more, because the block's rows
/// see the run at shifted places; distances between two runs that are nearer than that come for free. So cells are
/// not chosen one by one: at a price `p` the runs that maximise `mass - p * cost` are found exactly, by dynamic
/// programming over the cells with two states, within a run or outside. Falling prices give a growing curve of mass
/// against cost.
struct DistanceRuns {
    /// Distances of a cell; cell `j` begins at `start + j * width`.
    let width: Int
    private let range: Range<Int>
    private let cells: [Cell]
    private let startsInside: Bool

    /// Neighbouring distances that are kept or left together.
    private struct Cell {
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

    /// Runs over the competing distances of `lines`, for a kernel of `geometry`. One that begins with the first
    /// distance continues the local band.
    init(_ lines: LineMasses, geometry: AttentionGeometry) {
        let width = max(geometry.rowBlock / 4, geometry.keyGroup)
        let range = lines.distanceRange
        cells = stride(from: range.lowerBound, to: range.upperBound, by: width).map { start in
            let distances = start..<min(start + width, range.upperBound)
            let cost = lines.cost(of: start)
            return Cell(
                claimed: Float(lines.distances.claimed.sum(distances)),
                own: Float(lines.distances.own.sum(distances)), cost: cost * Float(width),
                opening: cost * Float(geometry.rowBlock))
        }
        self.width = width
        self.range = range
        startsInside = lines.local > 0
    }

    /// What all distances cost.
    var fullCost: Double { cells.reduce(0) { $0 + Double($1.cost) } }
    /// The highest price at which a cell can be worth keeping.
    var highestPrice: Float { cells.reduce(0) { max($0, $1.claimed / $1.cost) } }

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

    private func distances(_ cells: Range<Int>) -> Range<Int> {
        range.lowerBound + cells.lowerBound
            * width..<min(range.lowerBound + cells.upperBound * width, range.upperBound)
    }
}
