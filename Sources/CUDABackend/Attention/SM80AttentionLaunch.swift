import CUDAKernels
import SparseAttention

/// The heads of a call that one form of `sm80_attention.cu` computes.
package struct SM80AttentionLaunch {
    package let tile: SM80AttentionTile
    /// Heads in the order in which they are worked on.
    package let heads: [SM80AttentionHead]
    /// How many neighbours of `heads` read the same keys; the kernel works on their row tiles side by side.
    package let run: Int
    /// Where the kernel's structs of the heads lie among the lists.
    package let headList: Int

    /// Packs the indexes of `heads`, query heads in ascending order.
    package init(
        _ tile: SM80AttentionTile, heads: [Int], indexes: [AttentionIndex], shape: AttentionShape,
        lists: inout PackedLists
    ) {
        self.tile = tile
        let packed = heads.map { SM80AttentionHead(indexes[$0], head: $0, shape: shape, lists: &lists) }
        let order = HeadOrder(heads: heads, costs: packed.map(\.keyTiles), groupSize: shape.groupSize)
        run = order.run
        self.heads = order.places.map { packed[$0] }
        headList = lists.reserve(packed.count, of: mi_sm80_attention_head.self)
    }

    /// Writes the kernel's structs of the heads; `bytes` will lie at `base` on the device.
    package func writeHeads(to bytes: UnsafeMutableRawPointer, base: UInt) {
        let target = (bytes + headList).bindMemory(to: mi_sm80_attention_head.self, capacity: heads.count)
        for (number, head) in heads.enumerated() {
            (target + number).initialize(to: head.kernelHead(listsAt: base))
        }
    }

    /// Blocks of threads: one per row tile and head.
    package func blockCount(shape: AttentionShape) -> Int {
        heads.count * ((shape.queryCount + tile.rows - 1) / tile.rows)
    }
}
