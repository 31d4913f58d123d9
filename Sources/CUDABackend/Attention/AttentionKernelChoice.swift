import Compute
import SparseAttention

/// The kernel that computes a head of an attention call.
enum AttentionKernelChoice: Sendable, Hashable {
    /// `wgmma`, on Hopper: boxes and blocks, for the head sizes that most models have.
    case sm90(SM90AttentionForm)
    /// `mma.sync`: every form of index on every GPU, and what comes beside the output.
    case sm80(SM80AttentionTile)

    /// The kernel for one head's index.
    ///
    /// - Throws: `ComputeError.unsupported` for a head size that no kernel has.
    init(_ index: AttentionIndex, _ call: AttentionCall, gpu: GPUProperties) throws(ComputeError) {
        let headDimension = call.shape.headDimension
        if call.isPlain,
            let form = SM90AttentionForm.choose(index, headDimension: headDimension, gpu: gpu)
        {
            self = .sm90(form)
            return
        }
        let rowStep =
            switch index {
            case .blocks(let blocks), .correctedBlocks(let blocks): blocks.blockSize
            case .slashes, .mask: SlashBoxes.tileRows
            case .repositioned: preconditionFailure("repositioned heads take two passes")
            }
        guard
            let tile = SM80AttentionTile.choose(
                headDimension: headDimension, by: rowStep, hasExtras: !call.isPlain,
                sharedBytesPerBlock: gpu.sharedBytesPerBlock)
        else {
            throw .unsupported(
                "head size \(headDimension) is not supported by the GPU attention kernels: "
                    + "\(SM80AttentionTile.headDimensions.map(String.init).joined(separator: ", ")) are")
        }
        self = .sm80(tile)
    }
}
