import SparseAttention
import Testing

@Suite("Block and mask indexes")
struct BlockAndMaskIndexTests {
    private let geometry = AttentionGeometry(rowBlock: 64, keyGroup: 4)

    @Test("blocks are counted as they are listed", arguments: CoverageCase.all.map(\.shape), [64, 128])
    func blocks(_ shape: AttentionShape, blockSize: Int) {
        var generator = SeededGenerator(seed: shape.queryCount + blockSize)
        for share in [0.0, 0.3, 1.0] {
            let (index, lists) = Self.randomBlocks(shape, blockSize, share: share, &generator)
            for row in 0..<shape.queryCount {
                let expected = (0...shape.queryStart + row).filter {
                    lists[row / blockSize].contains(Int32($0 / blockSize))
                }
                #expect(index.listedKeys(row: row, shape, geometry) == expected)
            }
            let pairs = index.computedPairs(shape: shape, geometry: geometry)
            #expect(pairs == index.countedPairs(shape, geometry))
            if share == 1 { #expect(pairs == shape.causalPairs) }
        }
    }

    @Test("a mask of lines keeps exactly its distances and columns", arguments: CoverageCase.all.map(\.shape))
    func lines(_ shape: AttentionShape) {
        var generator = SeededGenerator(seed: shape.queryCount)
        let keys = 0..<shape.keyCount
        let distances = BitSet(
            count: shape.keyCount, keys.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
        let columns = BitSet(
            count: shape.keyCount, keys.filter { _ in Int.random(in: 0..<9, using: &generator) == 0 })
        let index = AttentionIndex.mask(.lines(distances: distances, columns: columns))
        for row in 0..<shape.queryCount {
            let position = shape.queryStart + row
            let expected = (0...position).filter { distances[position - $0] || columns[$0] }
            #expect(index.listedKeys(row: row, shape, geometry) == expected)
        }
        #expect(index.computedPairs(shape: shape, geometry: geometry) == index.countedPairs(shape, geometry))
    }

    @Test(
        "a mask of bits keeps exactly what its predicate holds for", arguments: CoverageCase.all.map(\.shape))
    func rows(_ shape: AttentionShape) {
        let mask = MaskIndex(shape: shape) { row, key in (row * 7 + key * 3) % 5 < 2 }
        let index = AttentionIndex.mask(mask)
        for row in 0..<shape.queryCount {
            let expected = (0...shape.queryStart + row).filter { (row * 7 + $0 * 3) % 5 < 2 }
            #expect(index.listedKeys(row: row, shape, geometry) == expected)
        }
        #expect(index.computedPairs(shape: shape, geometry: geometry) == index.countedPairs(shape, geometry))
        let everything = AttentionIndex.mask(MaskIndex(shape: shape) { _, _ in true })
        #expect(everything.computedPairs(shape: shape, geometry: geometry) == shape.causalPairs)
    }

    @Test("rows and keys outside the call are not kept")
    func outside() {
        let shape = CoverageCase.oneHead(start: 10, count: 20)
        for (row, key) in [(-1, 0), (20, 0), (0, -1), (0, 11), (19, 30)] {
            #expect(!AttentionIndex.dense.isKept(row: row, key: key, shape: shape, geometry: geometry))
        }
    }

    private static func randomBlocks(
        _ shape: AttentionShape, _ blockSize: Int, share: Double, _ generator: inout SeededGenerator
    ) -> (AttentionIndex, [[Int32]]) {
        let keyBlocks = Int32((shape.keyCount + blockSize - 1) / blockSize)
        let lists = (0..<(shape.queryCount + blockSize - 1) / blockSize).map { _ in
            (0..<keyBlocks).filter { _ in Double.random(in: 0..<1, using: &generator) < share }
        }
        let offsets = lists.reduce(into: [Int32(0)]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
        let index = BlockIndex(blockSize: blockSize, rowOffsets: offsets, keyBlocks: lists.flatMap { $0 })
        return (.blocks(index), lists)
    }
}
