import CUDAKernels
import SparseAttention

/// One compiled form of `sm90_attention.cu`: a head size and how many boxes of 64 keys are on their way at a time.
struct SM90AttentionForm: Sendable, Hashable {
    /// Elements of a head.
    let headDimension: Int
    /// What it is compiled from.
    let specification: KernelSpecification

    /// Threads of a block: one warpgroup copies, two compute.
    static let threads = 384
    /// The kernels that make what it walks.
    static let planTiles = planKernel("sm90_plan_tiles")
    static let planCover = planKernel("sm90_plan_cover")
    static let planColumns = planKernel("sm90_plan_columns")
    /// Every form.
    static let all = [SM90AttentionForm(headDimension: 64, slots: 12), .init(headDimension: 128, slots: 6)]

    private init(headDimension: Int, slots: Int) {
        self.headDimension = headDimension
        let queryBytes = Int(MI_SM90_TILE_ROWS) * headDimension * 2
        let boxBytes = Int(MI_SM90_BOX_KEYS) * headDimension * 2
        specification = KernelSpecification(
            source: "sm90_attention.cu", entry: "sm90_attention",
            definitions: ["HEAD_DIM": headDimension, "SLOTS": slots],
            dynamicSharedBytes: queryBytes + 2 * slots * boxBytes)
    }

    private static func planKernel(_ entry: String) -> KernelSpecification {
        KernelSpecification(source: "sm90_attention_plan.cu", entry: entry)
    }

    /// The form for a head's index; nil when the kernel cannot compute it: exact masks, odd head or block sizes, and
    /// GPUs other than Hopper.
    static func choose(_ index: AttentionIndex, headDimension: Int, gpu: GPUProperties) -> SM90AttentionForm?
    {
        guard gpu.architecture.isHopper else { return nil }
        switch index {
        case .mask, .correctedBlocks, .repositioned: return nil
        case .blocks(let blocks):
            guard blocks.blockSize == 64 || blocks.blockSize % SlashBoxes.tileRows == 0 else { return nil }
        case .slashes: break
        }
        return all.first { $0.headDimension == headDimension }
    }
}

extension KernelCatalog {
    static let hopperAttention =
        SM90AttentionForm.all.map { Entry($0.specification, minimum: .sm90, needsWarpGroupProducts: true) }
        + [SM90AttentionForm.planTiles, SM90AttentionForm.planCover, SM90AttentionForm.planColumns].map {
            Entry($0, minimum: .sm90)
        }
}
