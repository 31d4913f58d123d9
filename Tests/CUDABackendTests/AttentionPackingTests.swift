import CUDABackend
import CUDAKernels
import SparseAttention
import Testing

@Suite("Attention indexes as the GPU kernel reads them")
struct AttentionPackingTests {
    private let shape = AttentionShape(
        heads: 4, kvHeads: 2, headDimension: 128, queryStart: 70, queryCount: 1000)

    @Test("lists lie at multiples of 16 bytes, one after the other")
    func lists() {
        var lists = PackedLists()
        let places = [
            lists.add([Int32](1...5)), lists.reserve(3, of: UInt8.self), lists.add([Int32]()),
            lists.add([UInt64](7...8)),
        ]
        #expect(places == [0, 32, 48, 48] && lists.byteCount == 64)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: lists.byteCount, alignment: 16)
        defer { bytes.deallocate() }
        lists.write(to: bytes.baseAddress!)
        #expect(bytes.load(fromByteOffset: 16, as: Int32.self) == 5)
        #expect(bytes.load(fromByteOffset: 56, as: UInt64.self) == 8)
    }

    @Test("every form of index points to its lists")
    func forms() {
        let base: UInt = 1 << 20
        var lists = PackedLists()
        _ = lists.add([UInt64(0)])
        func pack(_ index: AttentionIndex) -> mi_sm80_attention_head {
            SM80AttentionHead(index, head: 3, shape: shape, lists: &lists).kernelHead(listsAt: base)
        }
        func offset<Element>(_ pointer: UnsafePointer<Element>?) -> Int? {
            pointer.map { Int(UInt(bitPattern: $0) - base) }
        }

        let dense = pack(.dense)
        #expect(dense.form == Int32(MI_SM80_DENSE) && dense.head == 3 && dense.boxes == nil)

        let slashes = SlashIndex(distances: [0..<1, 500..<510], columns: [0, 8, 400])
        let boxes = SlashBoxes(slashes, shape: shape)
        let slashHead = pack(.slashes(slashes))
        #expect(slashHead.box_count == Int32(boxes.count) && slashHead.column_count == 3)
        #expect(offset(slashHead.boxes) == 16)
        #expect(offset(slashHead.columns) == 16 + (boxes.count * 8 + 15) / 16 * 16)

        let before = lists.byteCount
        let blocks = pack(
            .blocks(BlockIndex(blockSize: 256, rows: [[0], [0, 1], [0, 2], [1, 3]])))
        #expect(blocks.form == Int32(MI_SM80_BLOCKS) && blocks.block_size == 256)
        #expect(offset(blocks.row_offsets) == before && offset(blocks.key_blocks) == before + 32)

        let pruned = lists.byteCount
        let means = pack(
            .correctedBlocks(BlockIndex(blockSize: 256, rows: [[0], [0, 1], [0, 2], [1, 3]])))
        #expect(means.form == Int32(MI_SM80_MEANS) && means.block_size == 256)
        #expect(offset(means.row_offsets) == pruned && offset(means.key_blocks) == pruned + 32)

        let lines = pack(
            .mask(.lines(distances: BitSet(count: 1070), columns: BitSet(count: 90))))
        #expect(lines.distance_count == 1070 && lines.column_bit_count == 90)
        #expect(offset(lines.column_words)! - offset(lines.distance_words)! == 17 * 8 + 8)

        let words = [UInt64](repeating: 1, count: 16 * shape.keyCount)
        let last = lists.byteCount
        #expect(offset(pack(.mask(.rows(words: words, keyCount: shape.keyCount))).row_words) == last)
        #expect(lists.byteCount == last + words.count * 8)
    }

    @Test("boxes ascend and name the halves that compute them")
    func boxes() {
        let slashes = SlashIndex(distances: [0..<40, 100..<101, 300..<310, 700..<900], columns: [])
        let boxes = SlashBoxes(slashes, shape: shape)
        let list = SM80AttentionHead.kernelBoxes(boxes)
        #expect(list.count == boxes.count)
        #expect(zip(list, list.dropFirst()).allSatisfy { $0.first + 64 <= $1.first })
        #expect(Set(list.filter { $0.halves == 3 }.map(\.first)) == Set(boxes.both))
        #expect(Set(list.filter { $0.halves == 1 }.map(\.first)) == Set(boxes.first))
        #expect(Set(list.filter { $0.halves == 2 }.map(\.first)) == Set(boxes.second))
    }

    @Test("whole groups run side by side, the longest first; broken groups head by head")
    func order() {
        let short = AttentionIndex.slashes(.aShape(sinks: 4, local: 64))
        var lists = PackedLists()
        let tile = SM80AttentionTile.all[0]
        let whole = SM80AttentionLaunch(
            tile, heads: [0, 1, 2, 3], indexes: [short, short, short, .dense], shape: shape, lists: &lists)
        #expect(whole.run == 2 && whole.heads.map(\.head) == [2, 3, 0, 1])
        let broken = SM80AttentionLaunch(
            tile, heads: [0, 2, 3], indexes: [short, short, short, .dense], shape: shape, lists: &lists)
        #expect(broken.run == 1 && broken.heads.map(\.head) == [3, 0, 2])
        #expect(broken.blockCount(shape: shape) == 3 * ((1000 + tile.rows - 1) / tile.rows))
        let headBytes = MemoryLayout<mi_sm80_attention_head>.stride
        #expect(broken.headList == whole.headList + 4 * headBytes + 2 * (32 + 16))
    }

    @Test("what goes beyond the output is computed by tiles of 64 rows")
    func extras() throws {
        for dimension in SM80AttentionTile.headDimensions {
            let tile = try #require(
                SM80AttentionTile.choose(
                    headDimension: dimension, by: 128, hasExtras: true, sharedBytesPerBlock: 227 << 10))
            #expect(tile.hasExtras && tile.rows == 64 && tile.headDimension == dimension)
            let plain = SM80AttentionTile.choose(
                headDimension: dimension, by: 128, sharedBytesPerBlock: 227 << 10)
            #expect(plain?.hasExtras == false)
        }
    }

    @Test("tiles fit the shared memory of every generation")
    func tiles() throws {
        // H200, A100, and the GPUs of 100 KiB a multiprocessor.
        for kibibytes in [227, 163, 99] {
            for dimension in SM80AttentionTile.headDimensions {
                for step in [64, 128, 192, 256] {
                    let tile = try #require(
                        SM80AttentionTile.choose(
                            headDimension: dimension, by: step, sharedBytesPerBlock: kibibytes << 10))
                    #expect(tile.specification.dynamicSharedBytes <= kibibytes << 10)
                    #expect(step % tile.rows == 0 && tile.headDimension == dimension)
                }
            }
        }
        let hopper = SM80AttentionTile.choose(headDimension: 128, by: 128, sharedBytesPerBlock: 227 << 10)
        #expect(hopper?.rows == 128 && hopper?.stages == 2)
        let ampere = SM80AttentionTile.choose(headDimension: 128, by: 128, sharedBytesPerBlock: 163 << 10)
        #expect(ampere?.rows == 128 && ampere?.stages == 1)
        #expect(SM80AttentionTile.choose(headDimension: 80, by: 128, sharedBytesPerBlock: 227 << 10) == nil)
    }
}
