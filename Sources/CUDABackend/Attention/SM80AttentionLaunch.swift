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
        var packed = heads.map { SM80AttentionHead(indexes[$0], head: $0, shape: shape, lists: &lists) }
        // Whole groups stay together, so that the cache of the GPU sees their keys once; groups that miss a head do
        // not divide evenly and go one by one. What takes longest comes first: the end is then even.
        let group = shape.groupSize
        var groups: [Int: (heads: [SM80AttentionHead], keyTiles: Int)] = [:]
        for head in packed {
            groups[head.head / group, default: ([], 0)].heads.append(head)
            groups[head.head / group]!.keyTiles += head.keyTiles
        }
        run = groups.values.allSatisfy { $0.heads.count == group } ? group : 1
        if run == 1 {
            packed.sort { ($1.keyTiles, $0.head) < ($0.keyTiles, $1.head) }
        } else {
            packed = groups.sorted { ($1.value.keyTiles, $0.key) < ($0.value.keyTiles, $1.key) }
                .flatMap { $0.value.heads }
        }
        self.heads = packed
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
