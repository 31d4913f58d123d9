import SparseAttention
import Testing

@Suite("Slash boxes")
struct SlashBoxesTests {
    private let shape = CoverageCase.oneHead(count: 4096)

    @Test("the local band alone takes the diagonal box of each half and the one before")
    func localBand() {
        let boxes = SlashBoxes(SlashIndex(distances: [0..<1], columns: []), shape: shape)
        #expect(boxes.both.isEmpty)
        #expect(boxes.first == [0])
        #expect(boxes.second == [64])
        let window = SlashBoxes(SlashIndex(distances: [0..<65], columns: []), shape: shape)
        #expect(window.both == [0])
        #expect(window.first == [-64])
        #expect(window.second == [64])
    }

    @Test("lists fall, do not overlap, and hold a box for every needed offset once")
    func disjoint() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let index = generator.slashIndex(keyCount: shape.keyCount)
            let boxes = SlashBoxes(index, shape: shape)
            for list in [boxes.both, boxes.first, boxes.second] {
                #expect(zip(list, list.dropFirst()).allSatisfy { $0 > $1 })
            }
            let all = (boxes.both + boxes.first + boxes.second).sorted()
            #expect(zip(all, all.dropFirst()).allSatisfy { $1 - $0 >= 64 })
            #expect(all.count == boxes.count)
            #expect(all.allSatisfy { $0 >= -(4096 - 128) && $0 < 128 })
        }
    }

    @Test("dense attention has boxes at multiples of 64, down to key 0 of the last tile")
    func dense() {
        let shape = CoverageCase.oneHead(start: 100, count: 300)
        let boxes = SlashBoxes(.dense, shape: shape)
        #expect(boxes.second == [64])
        #expect(boxes.first.isEmpty)
        // The last tile begins at position 356, so the lowest offset is -356.
        #expect(boxes.both == [0, -64, -128, -192, -256, -320, -384])
    }

    @Test("a kept distance beyond the keys takes nothing")
    func beyondKeys() {
        let boxes = SlashBoxes(SlashIndex(distances: [9000..<9010], columns: []), shape: shape)
        #expect(boxes.count == 0)
    }
}
