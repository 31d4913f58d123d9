import CUDAKernels
import SparseAttention

/// One head's index as `sm80_attention.cu` reads it, with its lists in a `PackedLists`.
package struct SM80AttentionHead {
    /// The query head.
    package let head: Int
    /// Roughly how many tiles of 64 keys the last rows take; what heads are ordered by.
    package let keyTiles: Int
    private var kernelHead: mi_sm80_attention_head
    private let firstList: Int
    private let secondList: Int

    /// Adds what the kernel needs of `index` to `lists`. Of corrected blocks the kernel computes what means stand for.
    package init(_ index: AttentionIndex, head: Int, shape: AttentionShape, lists: inout PackedLists) {
        self.head = head
        kernelHead = mi_sm80_attention_head()
        kernelHead.head = Int32(head)
        var (firstList, secondList) = (0, 0)
        switch index {
        case .slashes(let slashes) where slashes.isDense(keyCount: shape.keyCount):
            kernelHead.form = Int32(MI_SM80_DENSE)
            keyTiles = shape.keyCount / 64
        case .slashes(let slashes):
            let boxes = Self.kernelBoxes(SlashBoxes(slashes, shape: shape))
            kernelHead.form = Int32(MI_SM80_SLASHES)
            kernelHead.box_count = Int32(boxes.count)
            kernelHead.column_count = Int32(slashes.columns.count)
            firstList = lists.add(boxes)
            secondList = lists.add(slashes.columns)
            keyTiles = boxes.count + slashes.columns.count / 64
        case .blocks(let blocks), .correctedBlocks(let blocks):
            precondition(
                blocks.rowBlockCount * blocks.blockSize >= shape.queryCount, "attend: rows without a block")
            kernelHead.block_size = Int32(blocks.blockSize)
            firstList = lists.add(blocks.rowOffsets)
            secondList = lists.add(blocks.keyBlocks)
            if case .correctedBlocks = index {
                kernelHead.form = Int32(MI_SM80_MEANS)
                keyTiles = shape.keyCount / blocks.blockSize / 64
            } else {
                kernelHead.form = Int32(MI_SM80_BLOCKS)
                keyTiles = blocks.keyBlocks.count * (blocks.blockSize / 64) / max(1, blocks.rowBlockCount)
            }
        case .mask(.lines(let distances, let columns)):
            kernelHead.form = Int32(MI_SM80_MASK_LINES)
            kernelHead.distance_count = Int32(distances.count)
            kernelHead.column_bit_count = Int32(columns.count)
            firstList = lists.add(distances.words)
            secondList = lists.add(columns.words)
            keyTiles = shape.keyCount / 64
        case .mask(.rows(let words, let keyCount)):
            precondition(keyCount == shape.keyCount, "attend: a mask of another shape")
            kernelHead.form = Int32(MI_SM80_MASK_ROWS)
            firstList = lists.add(words)
            keyTiles = shape.keyCount / 64
        case .repositioned: preconditionFailure("repositioned heads take two passes")
        }
        self.firstList = firstList
        self.secondList = secondList
    }

    /// The kernel's struct once the lists lie at `base`.
    package func kernelHead(listsAt base: UInt) -> mi_sm80_attention_head {
        var result = kernelHead
        let (first, second) = (base + UInt(firstList), base + UInt(secondList))
        switch Int(result.form) {
        case MI_SM80_SLASHES:
            result.boxes = UnsafePointer(bitPattern: first)
            result.columns = UnsafePointer(bitPattern: second)
        case MI_SM80_BLOCKS, MI_SM80_MEANS:
            result.row_offsets = UnsafePointer(bitPattern: first)
            result.key_blocks = UnsafePointer(bitPattern: second)
        case MI_SM80_MASK_LINES:
            result.distance_words = UnsafePointer(bitPattern: first)
            result.column_words = UnsafePointer(bitPattern: second)
        case MI_SM80_MASK_ROWS: result.row_words = UnsafePointer(bitPattern: first)
        default: break
        }
        return result
    }

    /// One ascending list of all boxes, with a bit per half that computes them.
    package static func kernelBoxes(_ boxes: SlashBoxes) -> [mi_slash_box] {
        var list: [mi_slash_box] = []
        list.reserveCapacity(boxes.count)
        for (offsets, halves) in [(boxes.both, Int32(0b11)), (boxes.first, 0b01), (boxes.second, 0b10)] {
            for offset in offsets.reversed() { list.append(mi_slash_box(first: offset, halves: halves)) }
        }
        // Three ascending runs, which the sort merges.
        list.sort { $0.first < $1.first }
        return list
    }
}
