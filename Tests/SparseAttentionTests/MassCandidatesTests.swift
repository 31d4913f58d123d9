import MInferenceTesting
import SparseAttention
import Testing

private let groups = AttentionGeometry(rowBlock: 64, keyGroup: 4)

/// What a choice by mass chooses from, against the definition pair by pair in whole numbers.
@Suite("Candidates of a choice by mass")
struct MassCandidatesTests {
    private static let rows = 8

    @Test("candidates are the heaviest lines for their cost", arguments: [Float(0.02), 0.1, 0.4, 1], 0..<6)
    func candidates(maximumDensity: Float, seed: Int) throws {
        var generator = SeededGenerator(seed: seed)
        let keyCount = 700 + 37 * seed
        let columns = Self.sums(keyCount, kind: seed, using: &generator)
        let distances = Self.sums(keyCount, kind: seed + 1, using: &generator)
        let shape = AttentionShape(
            heads: 1, kvHeads: 1, headDimension: 8, queryStart: 50 * seed, queryCount: keyCount - 50 * seed)
        for geometry in [groups, AttentionGeometry(rowBlock: 64, keyGroup: 64)] {
            let plan = VerticalSlashPlan(
                .mass(0.9, maximumDensity: maximumDensity), rows: Self.rows, shape: shape, geometry: geometry)
            guard case .mass(let mass) = plan else {
                Issue.record("a plan by mass")
                return
            }
            let found = try #require(Self.candidates(columns, distances, mass.extents))
            let expected = Reference(columns, distances, mass.extents)
            #expect(found == expected.candidates)
            #expect(found.columns.places.count <= mass.extents.columnLimit)
            #expect(found.cells.places.count <= mass.extents.candidateCellLimit)
        }
    }

    @Test("the index is that of its candidates", arguments: SyntheticHead.allCases)
    func index(_ head: SyntheticHead) throws {
        let sums = head.sums(keyCount: 4000)
        let shape = CoverageCase.oneHead(count: 4000)
        for budget in [VerticalSlashBudget.standard, .mass(0.95), .mass(0.99, maximumDensity: 0.1)] {
            guard case .mass(let mass) = VerticalSlashPlan(budget, rows: 64, shape: shape, geometry: groups)
            else {
                Issue.record("a plan by mass")
                return
            }
            let candidates = try #require(Self.candidates(sums.columns, sums.distances, mass.extents))
            let index = VerticalSlashSelection.select(sums, budget: budget, shape: shape, geometry: groups)
            #expect(mass.index(candidates) == index)
        }
    }

    @Test("sums of no meaning are no crash")
    func nonsense() {
        let shape = CoverageCase.oneHead(count: 3000)
        for value: Float in [.greatestFiniteMagnitude, 64, 1e-30, -.infinity] {
            let sums = LineSums(
                columns: [Float](repeating: value, count: 3000),
                distances: [Float](repeating: value, count: 3000),
                rows: 64)
            for budget in [VerticalSlashBudget.standard, .mass(0.9)] {
                _ = VerticalSlashSelection.select(sums, budget: budget, shape: shape, geometry: groups)
            }
        }
    }

    private static func candidates(_ columns: [Float], _ distances: [Float], _ extents: LineExtents)
        -> MassCandidates?
    {
        columns.withUnsafeBufferPointer { columns in
            distances.withUnsafeBufferPointer {
                LineMasses(columns: columns, distances: $0, extents: extents)?.candidates
            }
        }
    }

    /// Random, tied, sparse, heavy-tailed sums, and some that are no numbers.
    private static func sums(_ count: Int, kind: Int, using generator: inout SeededGenerator) -> [Float] {
        (0..<count).map { line in
            let random = Float.random(in: 0..<1, using: &generator)
            return switch kind % 6 {
            case 0: random / Float(count)
            case 1: 1 / Float(count)
            case 2: random > 0.98 ? 0.1 * random : 0
            case 3: 1e-5 / (random + 1e-4)
            case 4: line % 5 == 0 ? .nan : line % 7 == 0 ? -1 : line % 11 == 0 ? Float.infinity : 0.001
            default: 1 / Float(1 + line)
            }
        }
    }
}

/// The candidates by their definition, window by window.
private struct Reference {
    let candidates: MassCandidates

    init(_ columnSums: [Float], _ distanceSums: [Float], _ extents: LineExtents) {
        let count = columnSums.count
        let rows = extents.rows
        let rest = rows - 1
        func masses(_ sums: [Float]) -> [Int] {
            sums.map { $0 > 0 && $0 < Float.infinity ? Int(Double(min($0, 64)) * 0x1p40) : 0 }
        }
        func within(_ masses: [Int], _ range: Range<Int>) -> [Int] {
            masses.indices.map { range.contains($0) ? masses[$0] : 0 }
        }
        func window(_ others: [Int], _ line: Int) -> Int {
            (count - rows - line..<count - line).reduce(0) { $0 + ($1 >= 0 ? others[$1] : 0) }
        }
        func own(_ masses: [Int], _ others: [Int], _ range: Range<Int>) -> [Int] {
            masses.indices.map {
                guard range.contains($0) else { return 0 }
                return min(max(masses[$0] * rows - window(others, $0), 0), masses[$0] * rest)
            }
        }
        func claimed(_ masses: [Int], _ own: [Int], _ otherOwn: [Int], _ range: Range<Int>) -> [Int] {
            masses.indices.map {
                guard range.contains($0) else { return 0 }
                return max(masses[$0] * rows * rest - window(otherOwn, $0), own[$0] * rows)
            }
        }
        let (allColumns, allDistances) = (masses(columnSums), masses(distanceSums))
        let columns = within(allColumns, extents.columnRange)
        let distances = within(allDistances, extents.distanceRange)
        let ownColumns = own(columns, distances, extents.columnRange)
        let ownDistances = own(distances, columns, extents.distanceRange)
        let claimedColumns = claimed(columns, ownColumns, ownDistances, extents.columnRange)
        let claimedDistances = claimed(distances, ownDistances, ownColumns, extents.distanceRange)
        let all = allColumns.reduce(0, +)
        let share = Float(1 / (Double(all) * Double(rows * rest)))

        let shape = extents.shape
        func cost(_ line: Int) -> Float {
            Float(shape.queryCount) / Float(max(shape.keyCount - max(line, shape.queryStart), 1))
        }
        func kept(_ worths: [(place: Int, worth: Float)], limit: Int) -> [Int] {
            let buckets = worths.map { Self.bucket($0.worth) }
            var lowest = 576
            while lowest > 1, buckets.count(where: { $0 >= lowest - 1 }) <= limit { lowest -= 1 }
            return zip(worths, buckets).filter { $0.1 >= lowest }.map(\.0.place)
        }
        let columnWorths = extents.columnRange.map { key in
            let first = key - (key - extents.columnRange.lowerBound) % 16
            return (key, Float(claimedColumns[key]) * share / cost(first))
        }
        let keptColumns = kept(columnWorths, limit: extents.columnLimit)

        let cells = stride(
            from: extents.distanceRange.lowerBound, to: extents.distanceRange.upperBound,
            by: extents.cellWidth
        ).map { $0..<min($0 + extents.cellWidth, extents.distanceRange.upperBound) }
        func sum(_ masses: [Int], _ cell: Int) -> Int { cells[cell].reduce(0) { $0 + masses[$1] } }
        let heavy = Set(
            kept(
                cells.indices.map { cell in
                    let cost = cost(cells[cell].lowerBound) * Float(extents.cellWidth)
                    return (cell, Float(sum(claimedDistances, cell)) * share / cost)
                }, limit: extents.cellLimit))
        let keptCells = cells.indices.filter { cell in
            (cell - extents.cellReach...cell + extents.cellReach).contains { heavy.contains($0) }
        }
        candidates = MassCandidates(
            totals: MassTotals(
                all: Int64(all),
                forced: Int64(
                    allColumns[..<extents.sinks].reduce(0, +) + allDistances[..<extents.local].reduce(0, +)),
                own: Int64(ownColumns.reduce(0, +) + ownDistances.reduce(0, +))),
            columns: MassCandidates.Lines(
                places: keptColumns.map { Int32($0) },
                own: keptColumns.map { Float(ownColumns[$0] * rows) * share },
                claimed: keptColumns.map { Float(claimedColumns[$0]) * share }),
            cells: MassCandidates.Lines(
                places: keptCells.map { Int32($0) },
                own: keptCells.map { Float(sum(ownDistances, $0) * rows) * share },
                claimed: keptCells.map { Float(sum(claimedDistances, $0)) * share }))
    }

    /// Sixteenths of octaves above 2^-36.
    private static func bucket(_ worth: Float) -> Int {
        guard worth >= 0x1p-36 else { return 0 }
        return min((worth.exponent.advanced(by: 36)) * 16 + Int(worth.significandBitPattern >> 19), 575)
    }
}
