import SparseAttention
import Testing

@Suite("Sliding windows as indexes")
struct WindowIndexTests {
    @Test(
        "a row keeps itself and the keys before it, the window's length in all", arguments: [1, 63, 64, 100])
    func kept(window: Int) {
        let shape = AttentionShape(heads: 1, kvHeads: 1, headDimension: 8, queryStart: 70, queryCount: 60)
        let geometry = AttentionGeometry(rowBlock: 64, keyGroup: 4)
        let index = AttentionIndex.window(window, keyCount: shape.keyCount)
        var pairs = 0
        for row in 0..<shape.queryCount {
            let position = shape.queryStart + row
            for key in 0..<shape.keyCount {
                let isKept = index.isKept(row: row, key: key, shape: shape, geometry: geometry)
                #expect(isKept == (key <= position && position - key < window))
                pairs += isKept ? 1 : 0
            }
        }
        #expect(index.computedPairs(shape: shape, geometry: geometry) == pairs)
    }

    @Test("a window of all keys is dense")
    func dense() {
        #expect(AttentionIndex.window(50, keyCount: 50) == .dense)
        #expect(AttentionIndex.window(49, keyCount: 50) != .dense)
    }

    @Test("a full set has all members and no bits beyond", arguments: [0, 1, 63, 64, 65, 128])
    func full(count: Int) {
        let set = BitSet(below: count)
        #expect((0..<count).allSatisfy { set[$0] } && !set[count])
        #expect(set.words.reduce(0) { $0 + $1.nonzeroBitCount } == count)
    }
}
