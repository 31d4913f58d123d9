import MInferenceTesting
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
            let reference = ReferenceSelection(index, shape: shape, geometry: geometry)
            for row in 0..<shape.queryCount {
                let expected = reference.keys(row: row)
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

    @Test(
        "a long prompt is counted like a short one",
        arguments: [AttentionGeometry(rowBlock: 64, keyGroup: 4), .boxes])
    func longPrompt(_ geometry: AttentionGeometry) {
        let shape = CoverageCase.oneHead(start: 16384 + 37, count: 65536 - 16384 + 29)
        var generator = SeededGenerator(seed: 3)
        let index = SlashIndex(
            unsortedDistances: (0..<500).flatMap { _ in
                let start = Int32.random(in: 0..<65536, using: &generator)
                return start..<start + Int32.random(in: 1..<12, using: &generator)
            },
            unsortedColumns: (0..<1000).map { _ in Int32.random(in: 0..<65536, using: &generator) })
        // Row block by row block: ranges clipped to each row, and the columns beside them.
        var pairs = 0
        for projection in index.projections(shape: shape, geometry: geometry) {
            for block in 0..<projection.blocks.count {
                let rows = projection.blocks.positions(block)
                projection.forEachKeyRange(block: block) { range in
                    if range.upperBound <= rows.lowerBound {
                        pairs += range.count * rows.count
                    } else {
                        for row in rows { pairs += max(min(range.upperBound, row + 1) - range.lowerBound, 0) }
                    }
                }
                for column in index.columns where Int(column) < rows.upperBound {
                    if !projection.covers(key: Int(column), block: block) {
                        pairs += rows.upperBound - max(rows.lowerBound, Int(column))
                    }
                }
            }
        }
        #expect(AttentionIndex.slashes(index).computedPairs(shape: shape, geometry: geometry) == pairs)
    }
}
