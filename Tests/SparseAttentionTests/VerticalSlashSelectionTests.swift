import MInferenceTesting
import SparseAttention
import Testing

private let kernel = AttentionGeometry(rowBlock: 64, keyGroup: 4)

@Suite("Vertical-slash selection by counts")
struct FixedSelectionTests {
    @Test("the highest scores win, equal ones by position", arguments: 0..<12)
    func topLines(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let keyCount = 700 + seed * 31
        // Few different values make many ties, over eight orders of magnitude.
        let values: [Float] = [0, 1e-8, 1.0001e-8, 3e-3, 0.0031, 0.5, 0.5000001, 4]
        let columns = (0..<keyCount).map { _ in values.randomElement(using: &generator) ?? 0 }
        let distances = generator.floats(keyCount).map { max($0, 0) }
        let (verticals, slashes) = (
            Int.random(in: 31...400, using: &generator), Int.random(in: 101...600, using: &generator)
        )
        let index = Self.select(columns, distances, verticals, slashes)
        #expect(index.columns == Self.top(columns, count: verticals, forced: 30))
        let kept = index.distances.flatMap { Array($0) }
        #expect(kept == Self.top(distances, count: slashes, forced: 100))
    }

    @Test(
        "counts are clamped as in the reference",
        arguments: [
            (0, 0, 30, 50), (30, 50, 30, 50), (31, 100, 31, 100), (5000, 101, 1000, 101),
            (64, 6096, 64, 1000),
        ])
    func clamps(verticals: Int, slashes: Int, keptVerticals: Int, keptSlashes: Int) {
        var generator = SeededGenerator(seed: verticals)
        let scores = generator.floats(1000).map { abs($0) }
        let index = Self.select(scores, scores, verticals, slashes)
        #expect(index.columns.count == keptVerticals)
        #expect(index.distances.reduce(0) { $0 + $1.count } == keptSlashes)
    }

    @Test("thirty columns and a hundred distances are kept however light they are")
    func forcedLines() {
        let scores = [Float](repeating: 0, count: 150) + [Float](repeating: 1, count: 400)
        let index = Self.select(scores, scores, 60, 200)
        #expect(index.columns == Array(0..<30) + Array(150..<180))
        #expect(index.distances == [0..<100, 150..<250])
    }

    @Test("a prompt shorter than the forced lines is kept whole", arguments: [1, 2, 29, 30, 63, 100])
    func shortPrompt(keyCount: Int) {
        let scores = [Float](repeating: 0.5, count: keyCount)
        let index = Self.select(scores, scores, 1000, 6096)
        let shape = CoverageCase.oneHead(count: keyCount)
        #expect(AttentionIndex.slashes(index).density(shape: shape, geometry: kernel) == 1)
    }

    @Test("scores that are no numbers rank last")
    func notANumber() {
        var scores = [Float](repeating: 0.25, count: 500)
        for place in stride(from: 40, to: 500, by: 3) { scores[place] = .nan }
        scores[451] = -1
        scores[452] = .infinity
        let index = Self.select(scores, scores, 200, 250)
        #expect(index.columns.contains(452))
        #expect(!index.columns.contains(451))
        #expect(!index.columns.contains { scores[Int($0)].isNaN })
    }

    private static func select(_ columns: [Float], _ distances: [Float], _ verticals: Int, _ slashes: Int)
        -> SlashIndex
    {
        VerticalSlashSelection.select(
            LineSums(columns: columns, distances: distances, rows: min(64, columns.count)),
            budget: .fixed(verticals: verticals, slashes: slashes),
            shape: CoverageCase.oneHead(count: columns.count),
            geometry: kernel)
    }

    private static func top(_ scores: [Float], count: Int, forced: Int) -> [Int32] {
        let order = scores.indices.sorted { left, right in
            let (leftScore, rightScore) = (
                left < forced ? .infinity : scores[left], right < forced ? .infinity : scores[right]
            )
            return leftScore == rightScore ? left < right : leftScore > rightScore
        }
        return order.prefix(count).sorted().map { Int32($0) }
    }
}

@Suite("Vertical-slash selection by mass")
struct MassSelectionTests {
    private static let gammas: [Float] = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999]

    @Test("the estimated mass reaches gamma", arguments: SyntheticHead.allCases)
    func reachesGamma(_ head: SyntheticHead) {
        for keyCount in [600, 3000] {
            let sums = head.sums(keyCount: keyCount)
            for gamma in Self.gammas {
                let index = select(sums, .narrow(gamma))
                #expect(estimatedMass(of: index, sums) >= Double(gamma) - 1e-3, "\(keyCount) keys, \(gamma)")
            }
        }
    }

    @Test(
        "the lines that are asked for hold about as much of the last rows", arguments: SyntheticHead.allCases)
    func keepsMass(_ head: SyntheticHead) {
        let keyCount = 3000
        let sums = head.sums(keyCount: keyCount)
        for gamma in Self.gammas {
            let index = select(sums, .narrow(gamma))
            let kept = head.keptMass(of: index, positions: keyCount - 64..<keyCount, keyCount: keyCount)
            #expect(kept >= Double(gamma) - 0.06, "\(gamma)")
        }
    }

    @Test(
        "lines found in the last rows hold as much in earlier ones", arguments: [SyntheticHead.lines, .sink])
    func earlierRows(_ head: SyntheticHead) {
        let keyCount = 4096
        let index = select(head.sums(keyCount: keyCount), .narrow(0.9))
        for start in [1500, 2500, 3500] {
            #expect(head.keptMass(of: index, positions: start..<start + 8, keyCount: keyCount) >= 0.85)
        }
    }

    @Test("more mass costs more", arguments: SyntheticHead.allCases)
    func monotone(_ head: SyntheticHead) {
        for keyCount in [600, 5000] {
            let sums = head.sums(keyCount: keyCount)
            let shape = CoverageCase.oneHead(count: keyCount)
            let densities = Self.gammas.map {
                AttentionIndex.slashes(select(sums, .narrow($0))).density(shape: shape, geometry: kernel)
            }
            for (less, more) in zip(densities, densities.dropFirst()) {
                #expect(less <= more + 0.03, "\(densities)")
            }
        }
    }

    @Test("a few strong lines make a small index that holds them")
    func findsLines() {
        let index = select(SyntheticHead.lines.sums(keyCount: 8192), .narrow(0.95))
        #expect(SyntheticHead.strongColumns.allSatisfy { index.columns.contains(Int32($0)) })
        #expect(
            SyntheticHead.strongDistances.allSatisfy { distance in
                index.distances.contains { $0.contains(Int32(distance)) }
            })
        let shape = CoverageCase.oneHead(count: 8192)
        #expect(AttentionIndex.slashes(index).density(shape: shape, geometry: kernel) < 0.1)
    }

    @Test("a heavy sink is not mistaken for long distances")
    func sinkIsNoDistance() {
        let index = select(SyntheticHead.sink.sums(keyCount: 4096), .narrow(0.95))
        #expect(index.distances == [0..<100])
        #expect(index.columns == Array(0..<30))
    }

    @Test("sinks and local band are always there", arguments: SyntheticHead.allCases)
    func forcedLines(_ head: SyntheticHead) {
        let index = select(head.sums(keyCount: 3000), .narrow(0.1, maximumDensity: 0.001))
        #expect((0..<30).allSatisfy { index.columns.contains(Int32($0)) || index.isDense(keyCount: 3000) })
        #expect(index.distances.first.map { $0.lowerBound == 0 && $0.upperBound >= 100 } ?? false)
    }

    @Test("the cap on density holds", arguments: SyntheticHead.allCases, [Float(0.1), 0.25, 0.5, 0.8])
    func cap(_ head: SyntheticHead, maximumDensity: Float) {
        let keyCount = 6000
        let shape = CoverageCase.oneHead(count: keyCount)
        let capped = AttentionIndex.slashes(
            select(head.sums(keyCount: keyCount), .narrow(0.999, maximumDensity: maximumDensity)))
        #expect(capped.density(shape: shape, geometry: kernel) <= Double(maximumDensity))
    }

    @Test("nothing to choose from is dense")
    func degenerate() {
        for keyCount in [1, 64, 200] {
            let sums = SyntheticHead.spread.sums(keyCount: keyCount)
            #expect(select(sums, .narrow(0.9)).isDense(keyCount: keyCount))
        }
        for value in [Float.nan, 0, -1, .infinity] {
            let scores = [Float](repeating: value, count: 2000)
            let index = select(LineSums(columns: scores, distances: scores, rows: 64), .narrow(0.9))
            #expect(index.isDense(keyCount: 2000))
        }
        #expect(select(SyntheticHead.lines.sums(keyCount: 2000), .narrow(1)).isDense(keyCount: 2000))
    }

    @Test("what the last rows keep is as much as was estimated", arguments: [0, 1])
    func exactRecall(head: Int) throws {
        let attention = try exampleAttention(heads: 2, kvHeads: 1, start: 100, count: 900)
        let probe = ArrayProbe(attention, geometry: kernel)
        for gamma in [Float(0.7), 0.9, 0.97] {
            let index = try probe.verticalSlash([VerticalSlashRequest(head: head, budget: .narrow(gamma))])[0]
            let rows = 836..<900
            let kept = rows.reduce(0.0) { sum, row in
                sum
                    + AttentionIndex.slashes(index).keptMass(
                        of: probe.probabilities(head: head, row: row), row: row, shape: probe.shape,
                        geometry: kernel)
            }
            #expect(kept / 64 >= Double(gamma) - 0.02)
        }
    }

    private func select(_ sums: LineSums, _ budget: VerticalSlashBudget) -> SlashIndex {
        VerticalSlashSelection.select(
            sums, budget: budget, shape: CoverageCase.oneHead(count: sums.columns.count), geometry: kernel)
    }

    /// The estimate that `LineMasses` describes, pair by pair.
    private func estimatedMass(of index: SlashIndex, _ sums: LineSums) -> Double {
        let (keyCount, rows) = (sums.columns.count, sums.rows)
        if index.isDense(keyCount: keyCount) { return 1 }
        let total = sums.columns.reduce(0.0) { $0 + Double($1) }
        let inColumns = 30..<keyCount - rows - 100 + 1
        let inDistances = 100..<keyCount - rows - 30 + 1
        let columns = (0..<keyCount).map { inColumns.contains($0) ? Double(sums.columns[$0]) / total : 0 }
        let distances = (0..<keyCount).map {
            inDistances.contains($0) ? Double(sums.distances[$0]) / total : 0
        }
        /// What `lines` of one kind show along line `crossing` of the other.
        func trace(_ lines: [Double], _ crossing: Int) -> Double {
            (keyCount - rows..<keyCount).reduce(0) { sum, row in
                row >= crossing ? sum + lines[row - crossing] : sum
            } / Double(rows)
        }
        func own(_ lines: [Double], _ others: [Double], _ range: Range<Int>) -> [Double] {
            lines.indices.map { line in
                guard range.contains(line) else { return 0 }
                let excess = max(lines[line] - trace(others, line), 0)
                return min(excess * Double(rows) / Double(rows - 1), lines[line])
            }
        }
        let ownColumns = own(columns, distances, inColumns)
        let ownDistances = own(distances, columns, inDistances)
        let forced =
            sums.columns[..<30].reduce(0.0) { $0 + Double($1) / total }
            + sums.distances[..<100].reduce(0.0) { $0 + Double($1) / total }
        let allOwn = ownColumns.reduce(0, +) + ownDistances.reduce(0, +)
        let shared = max(1 - forced - allOwn, 1e-9)
        var (kept, sharedColumns, sharedDistances) = (0.0, 0.0, 0.0)
        for key in index.columns.map({ Int($0) }) where inColumns.contains(key) {
            kept += ownColumns[key]
            sharedColumns += max(columns[key] - trace(ownDistances, key) - ownColumns[key], 0)
        }
        for distance in index.distances.flatMap({ $0.map { Int($0) } }) where inDistances.contains(distance) {
            kept += ownDistances[distance]
            sharedDistances += max(
                distances[distance] - trace(ownColumns, distance) - ownDistances[distance], 0)
        }
        let missing = (1 - min(sharedColumns / shared, 1)) * (1 - min(sharedDistances / shared, 1))
        return forced + (1 - forced) / (allOwn + shared) * (kept + shared * (1 - missing))
    }
}

extension VerticalSlashBudget {
    /// A mass budget that keeps no more in any case than the reference does.
    fileprivate static func narrow(_ gamma: Float, maximumDensity: Float = 1) -> Self {
        .mass(gamma, maximumDensity: maximumDensity, forcing: .standard)
    }
}
