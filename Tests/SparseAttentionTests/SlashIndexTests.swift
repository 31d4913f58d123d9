import SparseAttention
import Testing

@Suite("Slash indexes")
struct SlashIndexTests {
    @Test("what is kept is what the tiles of a kernel meet", arguments: CoverageCase.all)
    func keptIsProjection(_ coverage: CoverageCase) {
        let (shape, geometry) = (coverage.shape, coverage.geometry)
        var generator = SeededGenerator(seed: shape.queryCount + geometry.rowBlock)
        for _ in 0..<6 {
            let slashes = generator.slashIndex(keyCount: shape.keyCount)
            let index = AttentionIndex.slashes(slashes)
            for row in 0..<shape.queryCount {
                let expected = Self.keys(slashes, row: row, shape, geometry)
                let kept = (0..<shape.keyCount).filter {
                    index.isKept(row: row, key: $0, shape: shape, geometry: geometry)
                }
                #expect(kept == expected)
                #expect(index.listedKeys(row: row, shape, geometry) == expected)
            }
        }
    }

    @Test("every line that was asked for is kept, and no key after the row", arguments: CoverageCase.all)
    func superset(_ coverage: CoverageCase) {
        let (shape, geometry) = (coverage.shape, coverage.geometry)
        var generator = SeededGenerator(seed: 7 * shape.queryCount + geometry.rowBlock)
        let slashes = generator.slashIndex(keyCount: shape.keyCount)
        let index = AttentionIndex.slashes(slashes)
        for row in 0..<shape.queryCount {
            let position = shape.queryStart + row
            for key in 0..<shape.keyCount {
                let asked =
                    slashes.columns.contains(Int32(key))
                    || slashes.distances.contains { $0.contains(Int32(position - key)) }
                let kept = index.isKept(row: row, key: key, shape: shape, geometry: geometry)
                if key > position { #expect(!kept) } else if asked { #expect(kept) }
            }
        }
    }

    @Test("the closed form counts every computed pair once", arguments: CoverageCase.all)
    func computedPairs(_ coverage: CoverageCase) {
        let (shape, geometry) = (coverage.shape, coverage.geometry)
        var generator = SeededGenerator(seed: 13 * shape.queryCount + geometry.rowBlock)
        for _ in 0..<20 {
            let index = AttentionIndex.slashes(generator.slashIndex(keyCount: shape.keyCount))
            #expect(
                index.computedPairs(shape: shape, geometry: geometry) == index.countedPairs(shape, geometry),
                "\(index)")
        }
    }

    @Test("everything selected is dense", arguments: CoverageCase.all)
    func everythingIsDense(_ coverage: CoverageCase) {
        let (shape, geometry) = (coverage.shape, coverage.geometry)
        let keys = Int32(shape.keyCount)
        for index in [
            SlashIndex.dense, SlashIndex(distances: [0..<keys], columns: []),
            SlashIndex(distances: [], columns: Array(0..<keys)),
            SlashIndex.aShape(sinks: shape.keyCount, local: 1),
        ] {
            #expect(AttentionIndex.slashes(index).density(shape: shape, geometry: geometry) == 1)
        }
        #expect(AttentionIndex.dense.computedPairs(shape: shape, geometry: geometry) == shape.causalPairs)
    }

    @Test("lines may come in any order and more than once")
    func unsorted() {
        let index = SlashIndex(
            unsortedDistances: [9, 3, 4, 4, 0, 5, -1, .max] as [Int32],
            unsortedColumns: [7, 7, 0, -3, 2] as [Int32])
        #expect(index.distances == [0..<1, 3..<6, 9..<10])
        #expect(index.columns == [0, 2, 7])
        #expect(SlashIndex(unsortedDistances: [], unsortedColumns: []).distances.isEmpty)
    }

    @Test("A-shape keeps the first keys and a window that ends at the row")
    func aShape() {
        let shape = CoverageCase.oneHead(count: 50)
        let exact = AttentionGeometry(rowBlock: 1, keyGroup: 1)
        let index = AttentionIndex.slashes(.aShape(sinks: 3, local: 10))
        for row in 0..<50 {
            for key in 0...row {
                let kept = index.isKept(row: row, key: key, shape: shape, geometry: exact)
                #expect(kept == (key < 3 || row - key < 10))
            }
        }
    }

    @Test("a prompt of 131072 tokens is counted like a short one")
    func longPrompt() {
        let shape = CoverageCase.oneHead(start: 16384, count: 131072 - 16384)
        let geometry = AttentionGeometry(rowBlock: 64, keyGroup: 4)
        var generator = SeededGenerator(seed: 3)
        let index = SlashIndex(
            unsortedDistances: (0..<6096).map { _ in Int32.random(in: 0..<131072, using: &generator) },
            unsortedColumns: (0..<1000).map { _ in Int32.random(in: 0..<131072, using: &generator) })
        let projection = SlashProjection(index, shape: shape, geometry: geometry)
        // Row by row block: ranges clipped to each row, and the columns beside them.
        var pairs = 0
        for rowBlock in 0..<shape.rowBlockCount(geometry) {
            let rows = shape.positions(ofRowBlock: rowBlock, geometry)
            projection.forEachKeyRange(rowBlock: rowBlock) { range in
                if range.upperBound <= rows.lowerBound {
                    pairs += range.count * rows.count
                } else {
                    for row in rows { pairs += max(min(range.upperBound, row + 1) - range.lowerBound, 0) }
                }
            }
            for column in index.columns where Int(column) < rows.upperBound {
                if !projection.covers(key: Int(column), rowBlock: rowBlock) {
                    pairs += rows.upperBound - max(rows.lowerBound, Int(column))
                }
            }
        }
        #expect(AttentionIndex.slashes(index).computedPairs(shape: shape, geometry: geometry) == pairs)
    }

    /// The definition in `SlashIndex`'s documentation, key by key.
    static func keys(
        _ index: SlashIndex, row: Int, _ shape: AttentionShape, _ geometry: AttentionGeometry
    ) -> [Int] {
        let start = shape.queryStart + row / geometry.rowBlock * geometry.rowBlock
        var met: Set<Int> = []
        for range in index.distances {
            for distance in range where Int(distance) < start + geometry.rowBlock {
                for position in start..<start + geometry.rowBlock where position >= Int(distance) {
                    met.insert((position - Int(distance)) / geometry.keyGroup)
                }
            }
        }
        return (0...shape.queryStart + row).filter {
            met.contains($0 / geometry.keyGroup) || index.columns.contains(Int32($0))
        }
    }
}
