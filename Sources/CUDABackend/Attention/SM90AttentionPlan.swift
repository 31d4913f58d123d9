import CUDAKernels
import Dispatch
import SparseAttention

/// The indexes of some heads of a call as the plan kernels of `sm90_attention_plan.cu` read them.
struct SM90AttentionPlan {
    /// The heads in the order of work.
    private(set) var heads: [mi_sm90_plan_head] = []
    /// How many neighbours of `heads` share keys.
    let run: Int
    /// Runs of box offsets, descending; then room for `blockBoxCount` boxes of block indexes.
    private(set) var boxes: [Int32] = []
    /// Boxes that the device writes behind `boxes`.
    private(set) var blockBoxCount = 0
    /// Columns of all heads, each head's padded with `Int32.max` to a multiple of 64.
    private(set) var columns: [Int32] = []
    /// Rows of the compressed sparse rows of block indexes.
    private(set) var rowOffsets: [Int32] = []
    /// Their entries, a list per head: they may be long and are not copied.
    private(set) var keyBlocks: [[Int32]] = []
    private(set) var keyBlockCount = 0

    /// Where a head's columns begin, per head of `heads`.
    var columnBegins: [Int32] { heads.map(\.column_begin) }
    /// The most boxes of a head.
    var longestBoxes: Int { heads.map { Int($0.count.0 + $0.count.1 + $0.count.2) }.max() ?? 0 }
    /// The most columns of a head, padded.
    var longestColumns: Int { heads.map { Self.padded(Int($0.column_count)) }.max() ?? 0 }

    /// A plan for `heads`, query heads in ascending order.
    init(heads: [Int], indexes: [AttentionIndex], shape: AttentionShape) {
        let cover = Self.boxes(of: heads.map { indexes[$0] }, shape: shape)
        let costs = zip(heads, cover).map { head, boxes in Self.cost(indexes[head], boxes, shape: shape) }
        let order = HeadOrder(heads: heads, costs: costs, groupSize: shape.groupSize)
        run = order.run
        var denseHead: mi_sm90_plan_head?
        for place in order.places {
            let index = indexes[heads[place]]
            var head = mi_sm90_plan_head()
            if let denseHead, index.isDense(shape) {
                head = denseHead
            } else {
                head = add(index, cover[place], shape: shape)
                if index.isDense(shape) { denseHead = head }
            }
            head.head = Int32(heads[place])
            self.heads.append(head)
        }
        // Blocks' boxes lie behind all lists.
        for place in self.heads.indices where self.heads[place].block_size > 0 {
            self.heads[place].block_boxes += Int32(boxes.count)
        }
    }

    private mutating func add(_ index: AttentionIndex, _ cover: SlashBoxes?, shape: AttentionShape)
        -> mi_sm90_plan_head
    {
        var head = mi_sm90_plan_head()
        head.column_begin = Int32(columns.count)
        switch index {
        case .slashes(let slashes):
            guard let cover else { break }
            head.begin = (append(cover.both), append(cover.first), append(cover.second))
            head.count = (Int32(cover.both.count), Int32(cover.first.count), Int32(cover.second.count))
            head.column_count = Int32(slashes.columns.count)
            let padding = Self.padded(slashes.columns.count) - slashes.columns.count
            columns += slashes.columns
            columns += repeatElement(.max, count: padding)
        case .blocks(let blocks):
            precondition(
                blocks.rowBlockCount * blocks.blockSize >= shape.queryCount, "attend: rows without a block")
            head.block_size = Int32(blocks.blockSize)
            head.row_offsets = Int32(rowOffsets.count)
            head.key_blocks = Int32(keyBlockCount)
            head.block_boxes = Int32(blockBoxCount)
            rowOffsets += blocks.rowOffsets
            keyBlocks.append(blocks.keyBlocks)
            keyBlockCount += blocks.keyBlocks.count
            let boxesPerBlock = blocks.blockSize / SlashBoxes.boxKeys
            blockBoxCount +=
                blocks.keyBlocks.count * boxesPerBlock * max(1, blocks.blockSize / SlashBoxes.tileRows)
        case .mask, .correctedBlocks, .repositioned: preconditionFailure("an index without boxes")
        }
        return head
    }

    private mutating func append(_ offsets: [Int32]) -> Int32 {
        defer { boxes += offsets }
        return Int32(boxes.count)
    }

    /// The boxes of every slash index, computed on all processors.
    private static func boxes(of indexes: [AttentionIndex], shape: AttentionShape) -> [SlashBoxes?] {
        var result = [SlashBoxes?](repeating: nil, count: indexes.count)
        result.withUnsafeMutableBufferPointer { result in
            // Each iteration writes its own element.
            nonisolated(unsafe) let result = result
            DispatchQueue.concurrentPerform(iterations: indexes.count) { place in
                if case .slashes(let slashes) = indexes[place] {
                    result[place] = SlashBoxes(slashes, shape: shape)
                }
            }
        }
        return result
    }

    /// About how many boxes a late tile takes.
    private static func cost(_ index: AttentionIndex, _ boxes: SlashBoxes?, shape: AttentionShape) -> Int {
        switch index {
        case .slashes(let slashes): (boxes?.count ?? 0) + slashes.columns.count / SlashBoxes.boxKeys
        case .blocks(let blocks):
            blocks.keyBlocks.count * (blocks.blockSize / SlashBoxes.boxKeys) / max(1, blocks.rowBlockCount)
        case .mask, .correctedBlocks, .repositioned: shape.keyCount / SlashBoxes.boxKeys
        }
    }

    private static func padded(_ count: Int) -> Int {
        (count + SlashBoxes.boxKeys - 1) / SlashBoxes.boxKeys * SlashBoxes.boxKeys
    }
}

extension AttentionIndex {
    /// Whether the index keeps every key of a call.
    fileprivate func isDense(_ shape: AttentionShape) -> Bool {
        if case .slashes(let slashes) = self { slashes.isDense(keyCount: shape.keyCount) } else { false }
    }
}
