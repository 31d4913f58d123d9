import MInferenceTesting
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Heads of known structure, as the attention of their last 64 rows.
enum SyntheticHead: CaseIterable {
    /// A few columns and distances hold nearly everything.
    case lines
    /// The first key and the neighbourhood hold everything.
    case sink
    /// Every key alike.
    case spread
    /// Weights that fall off with a power law, in random places.
    case heavyTailed
    /// Weights that fall off with distance alone.
    case nearby

    static let strongColumns = [211, 212, 390, 501]
    static let strongDistances = [130, 256, 300, 301]

    /// Line sums of 64 rows over `keyCount` keys, or fewer rows where there are fewer keys.
    func sums(keyCount: Int) -> LineSums {
        let rows = min(64, keyCount)
        var columns = [Double](repeating: 0, count: keyCount)
        var distances = columns
        forEachRow(keyCount - rows..<keyCount, keyCount: keyCount) { position, probabilities in
            for (key, probability) in probabilities.enumerated() {
                columns[key] += probability
                distances[position - key] += probability
            }
        }
        return LineSums(columns: columns.map { Float($0) }, distances: distances.map { Float($0) }, rows: rows)
    }

    /// The mean mass that the lines of `index` hold in the rows at `positions`, tiles not counted.
    func keptMass(of index: SlashIndex, positions: Range<Int>, keyCount: Int) -> Double {
        if index.isDense(keyCount: keyCount) { return 1 }
        let columns = Set(index.columns.map { Int($0) })
        let distances = Set(index.distances.flatMap { $0.map { Int($0) } })
        var sum = 0.0
        forEachRow(positions, keyCount: keyCount) { position, probabilities in
            for (key, probability) in probabilities.enumerated()
            where columns.contains(key) || distances.contains(position - key) {
                sum += probability
            }
        }
        return sum / Double(positions.count)
    }

    private func forEachRow(_ positions: Range<Int>, keyCount: Int, _ body: (Int, [Double]) -> Void) {
        var generator = SeededGenerator(seed: keyCount)
        let weights = (0..<keyCount).map { _ in 1 / (Double.random(in: 0..<1, using: &generator) + 1e-4) }
        for position in positions {
            let row = (0...position).map { weight(key: $0, distance: position - $0, weights[$0]) }
            let total = row.reduce(0, +)
            body(position, row.map { $0 / total })
        }
    }

    private func weight(key: Int, distance: Int, _ random: Double) -> Double {
        switch self {
        case .lines:
            (Self.strongColumns.contains(key) ? 100 : 0) + (Self.strongDistances.contains(distance) ? 100 : 0)
                + 0.001
        case .sink: key == 0 ? 10 : distance < 20 ? 1 : 1e-6
        case .spread: 1
        case .nearby: 1 / (1 + Double(distance))
        case .heavyTailed: random + 50 / (1 + Double(distance))
        }
    }
}

/// Queries and keys whose first key is a sink and whose positions rotate, so that attention has columns and slashes.
func exampleAttention(heads: Int, kvHeads: Int, start: Int = 0, count: Int) throws -> ReferenceAttention {
    let shape = AttentionShape(
        heads: heads, kvHeads: kvHeads, headDimension: 8, queryStart: start, queryCount: count)
    var generator = SeededGenerator(seed: heads + count)
    func vector(_ position: Int, _ noise: [Float]) -> [Float] {
        (0..<8).map { column in
            let angle = Float(position) * [0.5, 0.11, 0.031][column / 2 % 3]
            let turn = column % 2 == 0 ? cosf(angle) : sinf(angle)
            return column < 6 ? 3.5 * turn + 0.3 * noise[column] : 1 + 0.3 * noise[column]
        }
    }
    var queries: [Float] = []
    for row in 0..<count {
        for _ in 0..<heads { queries += vector(start + row, generator.floats(8)) }
    }
    var keys: [Float] = []
    for key in 0..<shape.keyCount {
        for _ in 0..<kvHeads {
            var vector = vector(key, generator.floats(8))
            if key == 0 || key % 97 == 5 { vector[6] += 8 }
            keys += vector
        }
    }
    return ReferenceAttention(queries: queries, keys: keys, shape: shape)
}
