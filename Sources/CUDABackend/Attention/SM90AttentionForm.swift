import CUDAKernels
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// One compiled form of `sm90_attention.cu`: a head size and how many boxes of 64 keys are on their way at a time.
struct SM90AttentionForm: Sendable, Hashable {
    /// Elements of a head.
    let headDimension: Int
    /// What it is compiled from.
    let specification: KernelSpecification

    /// Warpgroups that compute, 64 rows each; three of them take dense heads alone.
    let parts: Int
    /// Threads of a block: one more warpgroup copies.
    var threads: Int { 128 * (parts + 1) }
    /// Rows of a tile.
    var tileRows: Int { parts * SlashBoxes.halfRows }
    /// The kernels that make what it walks.
    static let planTiles = planKernel("sm90_plan_tiles")
    static let planCover = planKernel("sm90_plan_cover")
    static let planColumns = planKernel("sm90_plan_columns")
    /// Every form.
    static let all = [
        SM90AttentionForm(headDimension: 64, slots: 12), .init(headDimension: 128, slots: 6),
        .init(headDimension: 64, slots: 12, parts: 3),
    ]
    /// What computes dense heads that have a form of their own: two parts, or three where the environment asks for them.
    private static let denseParts =
        getenv("MINFERENCE_DENSE_PARTS").flatMap { Int(String(cString: $0)) } ?? 2

    private init(headDimension: Int, slots: Int, parts: Int = 2) {
        self.headDimension = headDimension
        self.parts = parts
        let queryBytes = parts * SlashBoxes.halfRows * headDimension * 2
        let boxBytes = Int(MI_SM90_BOX_KEYS) * headDimension * 2
        specification = KernelSpecification(
            source: "sm90_attention.cu", entry: "sm90_attention",
            definitions: ["HEAD_DIM": headDimension, "SLOTS": slots, "PARTS": parts],
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
        let forms = all.filter { $0.headDimension == headDimension }
        return (index == .dense ? forms.first { $0.parts == denseParts } : nil) ?? forms.first
    }
}

extension KernelCatalog {
    static let hopperAttention =
        SM90AttentionForm.all.map { Entry($0.specification, minimum: .sm90, needsWarpGroupProducts: true) }
        + [SM90AttentionForm.planTiles, SM90AttentionForm.planCover, SM90AttentionForm.planColumns].map {
            Entry($0, minimum: .sm90)
        }
}
