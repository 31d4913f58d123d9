/// The best runs of cells of distances at a price per key.
///
/// A run of distances costs a row block one key per distance and `opening` more, because the block's rows see the run at
/// shifted places; distances between two runs that are nearer than that come for free. So cells are not chosen one
/// by one: at a price `p` the runs that maximise `mass - p * keys` are found exactly, by dynamic programming over
/// the cells with two states, within a run or outside. Falling prices give a growing curve of mass against keys.
struct DistanceRuns {
    private let cells: [Float]
    private let cell: Float
    private let opening: Float
    private let startsOpen: Bool

    /// Mass and keys of the best runs at eight prices.
    struct Octet {
        var mass: SIMD8<Float>
        var keys: SIMD8<Float>
    }

    /// Runs over `cells`; with `startsOpen` a run that begins at the first cell continues one that is kept anyway.
    init(cells: [Float], cell: Int, opening: Int, startsOpen: Bool) {
        self.cells = cells
        self.cell = Float(cell)
        self.opening = Float(opening)
        self.startsOpen = startsOpen
    }

    /// What the state within a run is worth before the first cell.
    private var initialMass: Float { startsOpen ? 0 : -1e30 }

    /// Mass and keys of the best runs at each of `prices`.
    func curve(prices: SIMD8<Float>) -> Octet {
        var inside = Octet(mass: SIMD8(repeating: initialMass), keys: SIMD8())
        var outside = Octet(mass: SIMD8(), keys: SIMD8())
        let openingPrice = prices * opening
        cells.withUnsafeBufferPointer { cells in
            for mass in cells {
                let insideValue = inside.mass - prices * inside.keys
                let outsideValue = outside.mass - prices * outside.keys
                let opens = outsideValue - openingPrice .> insideValue
                let closes = insideValue .> outsideValue
                let next = Octet(
                    mass: inside.mass.replacing(with: outside.mass, where: opens) + mass,
                    keys: inside.keys.replacing(with: outside.keys + opening, where: opens) + cell)
                outside.mass.replace(with: inside.mass, where: closes)
                outside.keys.replace(with: inside.keys, where: closes)
                inside = next
            }
        }
        let ends = inside.mass - prices * inside.keys .>= outside.mass - prices * outside.keys
        return Octet(
            mass: outside.mass.replacing(with: inside.mass, where: ends),
            keys: outside.keys.replacing(with: inside.keys, where: ends))
    }

    /// The best runs at `price`, as ascending ranges of cells: those that `curve` weighed.
    func runs(price: Float) -> [Range<Int>] {
        var (insideMass, insideKeys): (Float, Float) = (initialMass, 0)
        var (outsideMass, outsideKeys): (Float, Float) = (0, 0)
        let openingPrice = price * opening
        // Bit 0: the cell, if kept, begins a run; bit 1: if it is not kept, the one before ends a run.
        var steps = [UInt8](repeating: 0, count: cells.count)
        for index in cells.indices {
            let insideValue = insideMass - price * insideKeys
            let outsideValue = outsideMass - price * outsideKeys
            let opens = outsideValue - openingPrice > insideValue
            let closes = insideValue > outsideValue
            steps[index] = (opens ? 1 : 0) | (closes ? 2 : 0)
            let mass = (opens ? outsideMass : insideMass) + cells[index]
            let keys = (opens ? outsideKeys + opening : insideKeys) + cell
            if closes { (outsideMass, outsideKeys) = (insideMass, insideKeys) }
            (insideMass, insideKeys) = (mass, keys)
        }
        var runs: [Range<Int>] = []
        var end = insideMass - price * insideKeys >= outsideMass - price * outsideKeys ? cells.count : nil
        for index in cells.indices.reversed() {
            if let runEnd = end {
                if steps[index] & 1 != 0 {
                    runs.append(index..<runEnd)
                    end = nil
                }
            } else if steps[index] & 2 != 0 {
                end = index
            }
        }
        if let runEnd = end, runEnd > 0 { runs.append(0..<runEnd) }
        return runs.reversed()
    }
}
