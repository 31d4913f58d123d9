#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Block columns and block diagonals that hold a share of the last rows' mass, or, in heads whose pooled estimate can be
/// trusted, the blocks that hold a share of the pooled mass.
///
/// Source: FlexPrefill (arXiv 2502.20766), algorithms 1 to 4; gamma 0.9, tau 0.1 and a least budget of 512 tokens are
/// the defaults of its code (0.95 and 1024 in its RULER runs with Llama). Diagonals are grouped by distance from 0, so
/// that they do not depend on the prompt's length modulo the block.
public struct FlexPrefillMethod: AttentionMethod {
    /// The share of attention mass to keep.
    public var gamma = 0.9
    /// The square root of the Jensen-Shannon divergence below which a head is query-aware.
    public var tau = 0.1
    /// The least number of tokens of columns, and of diagonals.
    public var minimumBudget = 512
    /// The most tokens of columns, and of diagonals.
    public var maximumBudget = Int(Int32.max)
    /// Rows and keys of a block, a multiple of 64 up to 128.
    public var blockSize = 128

    /// The published defaults.
    public init() {}

    /// `flexprefill:gamma=...,tau=...,min-budget=...,max-budget=...,block=...`.
    public var specification: String {
        "flexprefill:gamma=\(gamma),tau=\(tau),min-budget=\(minimumBudget),max-budget=\(maximumBudget),"
            + "block=\(blockSize)"
    }

    /// One selection per head; dense for prompts as short as two blocks or the least budget.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let shape = probe.shape
        let heads = Array(0..<shape.heads)
        let shortest = max(2 * blockSize, (minimumBudget + blockSize - 1) / blockSize * blockSize)
        guard shape.keyCount > shortest else {
            let reason = DenseReason.shortPrompt(keyCount: shape.keyCount, crossover: shortest + 1)
            return heads.map { _ in .dense(.named("flexprefill"), shape: shape, reason: reason) }
        }
        let grid = RowBlockGrid(shape: shape, blockSize: blockSize)
        let sums = try lastRowSums(heads: heads, probe: probe)
        return try zip(heads, sums).map { head, sums in
            let last = shape.queryCount - min(blockSize, shape.queryCount)..<shape.queryCount
            let pooled = try probe.pooledScores(head: head, blockSize: blockSize, rows: [last])[0]
            let blocks = LastRowBlocks(sums, blockSize: blockSize)
            let isQueryAware = Self.divergence(Self.softmax(pooled), blocks.columns) < tau
            var kept = blocks.rows(budgets: budgets(sums, isQueryAware: isQueryAware), grid: grid)
            if isQueryAware {
                let runs = (0..<grid.rowBlocks).map { grid.rows($0) }
                let scores = try probe.pooledScores(head: head, blockSize: blockSize, rows: runs)
                for (row, block) in covering(scores.map(Self.softmax)) { kept[row].insert(block) }
            }
            return HeadSelection(
                index: .blocks(
                    BlockIndex(blockSize: blockSize, rows: kept.map { $0.sorted().map { Int32($0) } })),
                pattern: .named("flexprefill", detail: isQueryAware ? "query-aware" : "vertical-slash"),
                shape: shape, geometry: probe.geometry)
        }
    }

    /// The last block of rows' mean probabilities along lines; a probe takes 64 rows at a time.
    private func lastRowSums(heads: [Int], probe: any AttentionProbe) throws -> [LineSums] {
        let shape = probe.shape
        let first = shape.queryCount - min(blockSize, shape.queryCount)
        var total = heads.map { _ in
            LineSums(
                columns: [Float](repeating: 0, count: shape.keyCount),
                distances: [Float](repeating: 0, count: shape.keyCount), rows: 0)
        }
        for start in stride(from: first, to: shape.queryCount, by: 64) {
            let rows = start..<min(start + 64, shape.queryCount)
            for (head, sums) in try probe.rowSums(heads: heads, rows: rows).enumerated() {
                for (key, mass) in sums.columns.enumerated() { total[head].columns[key] += mass }
                for (distance, mass) in sums.distances.enumerated() {
                    total[head].distances[distance] += mass
                }
                total[head].rows += sums.rows
            }
        }
        return total.map { sums in
            let share = 1 / Float(max(sums.rows, 1))
            return LineSums(
                columns: sums.columns.map { $0 * share }, distances: sums.distances.map { $0 * share },
                rows: sums.rows)
        }
    }

    /// How many blocks of columns and of distances a head keeps.
    private func budgets(_ sums: LineSums, isQueryAware: Bool) -> (columns: Int, distances: Int) {
        let least = (minimumBudget + blockSize - 1) / blockSize
        let most = max(least, (maximumBudget + blockSize - 1) / blockSize)
        func blocks(_ masses: [Float]) -> Int {
            if isQueryAware { return least }
            let lines = CoveringCount.within(gamma, of: masses) + 1
            return min(max(lines / blockSize + 1, least), most)
        }
        return (blocks(sums.columns), blocks(sums.distances))
    }

    /// The largest entries of all rows together whose sum stays within gamma of the whole, as rows and blocks.
    private func covering(_ rows: [[Float]]) -> [(row: Int, block: Int)] {
        let entries = rows.enumerated().flatMap { row, scores in
            scores.enumerated().map { (row: row, block: $0, mass: $1) }
        }.sorted { ($0.mass, $1.row, $1.block) > ($1.mass, $0.row, $0.block) }
        var sum = 0.0
        return entries.prefix {
            sum += Double($0.mass)
            return sum <= gamma * Double(rows.count)
        }.map { ($0.row, $0.block) }
    }

    static func softmax(_ scores: [Float]) -> [Float] {
        let highest = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - highest) }
        let total = exponentials.reduce(0, +)
        return exponentials.map { $0 / total }
    }

    /// The square root of the Jensen-Shannon divergence, in nats. Source: FlexPrefill, equation 3.
    static func divergence(_ p: [Float], _ q: [Float]) -> Double {
        func part(_ p: Float, _ middle: Double) -> Double { p > 0 ? Double(p) * log(Double(p) / middle) : 0 }
        let sum = zip(p, q).reduce(0.0) { sum, pair in
            let middle = (Double(pair.0) + Double(pair.1)) / 2
            return sum + (part(pair.0, middle) + part(pair.1, middle)) / 2
        }
        return max(sum, 0).squareRoot()
    }
}

/// What the last rows give to blocks of columns and of distances.
private struct LastRowBlocks {
    let columns: [Float]
    let distances: [Float]

    init(_ sums: LineSums, blockSize: Int) {
        func pooled(_ masses: [Float]) -> [Float] {
            stride(from: 0, to: masses.count, by: blockSize).map {
                masses[$0..<min($0 + blockSize, masses.count)].reduce(0, +)
            }
        }
        columns = pooled(sums.columns)
        distances = pooled(sums.distances)
    }

    /// The key blocks of every row block: the first column, the diagonal and the best others of each kind.
    func rows(budgets: (columns: Int, distances: Int), grid: RowBlockGrid) -> [Set<Int>] {
        let keptColumns = Self.best(budgets.columns, of: columns)
        let keptDistances = Self.best(budgets.distances, of: distances)
        return (0..<grid.rowBlocks).map { row in
            let own = grid.ownKeyBlocks(row)
            var blocks = Set(own)
            for column in keptColumns where column <= own.upperBound { blocks.insert(column) }
            for distance in keptDistances {
                for own in own where distance <= own { blocks.insert(own - distance) }
            }
            return blocks
        }
    }

    private static func best(_ count: Int, of scores: [Float]) -> [Int] {
        var scores = scores
        scores[0] = .infinity
        return BlockSelection.top(count, of: scores).map { Int($0) }
    }
}

extension AttentionMethods {
    static let flexPrefill = Entry(
        name: "flexprefill",
        summary: "blocks of lines or pooled blocks that hold a share of mass (FlexPrefill)",
        options: [
            Option(key: "gamma", summary: "share of the estimated attention mass to keep (0.9)"),
            Option(key: "tau", summary: "divergence below which a head is query-aware; 0 for none (0.1)"),
            Option(key: "min-budget", summary: "least tokens of columns and of diagonals (512)"),
            Option(key: "max-budget", summary: "most tokens of columns and of diagonals (all)"),
            Option(key: "block", summary: "rows and keys of a block: 64 or 128 (128)"),
        ]
    ) { specification, _ in
        var method = FlexPrefillMethod()
        method.gamma = try specification.share("gamma") ?? method.gamma
        method.tau = try specification.fraction("tau") ?? method.tau
        method.minimumBudget = try specification.integer("min-budget", atLeast: 1) ?? method.minimumBudget
        method.maximumBudget = try specification.integer("max-budget", atLeast: 1) ?? method.maximumBudget
        if let block = try specification.integer("block", multipleOf: 64) {
            guard block <= 128 else {
                throw AttentionMethodError.invalidValue(
                    method: "flexprefill", option: "block", value: "\(block)", expected: "64 or 128")
            }
            method.blockSize = block
        }
        return method
    }
}
