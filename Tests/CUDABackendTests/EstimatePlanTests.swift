import CUDABackend
import CUDAKernels
import SparseAttention
import Testing

@Suite("Plans of estimates")
struct EstimatePlanTests {
    @Test(
        "parts cover all keys, whole stages at a time",
        arguments: [1, 63, 64, 700, 4096, 131_071, 131_072, 1_048_576, 3_000_001])
    func parts(keyCount: Int) {
        for (heads, kvHeads, dimension) in [
            (32, 8, 128), (32, 32, 64), (28, 4, 128), (8, 1, 256), (3, 1, 32), (10, 2, 96),
        ] {
            let shape = AttentionShape(
                heads: heads, kvHeads: kvHeads, headDimension: dimension, queryCount: keyCount)
            let plan = EstimatePlan(shape: shape, rows: 64)
            #expect(plan.rows == min(64, keyCount))
            #expect(plan.partKeys % MI_ESTIMATE_STAGE_KEYS == 0)
            #expect(plan.parts * plan.partKeys >= keyCount)
            #expect(plan.parts % plan.streams == 0)
            // No block is without keys.
            #expect((plan.parts - plan.streams) * plan.partKeys < keyCount)
            #expect(shape.groupSize % plan.headsPerBlock == 0)
            #expect(plan.lineStride >= keyCount)
            #expect(plan.grid.x * plan.streams == plan.parts)
            #expect(plan.grid.y * plan.headsPerBlock == heads)
            #expect(plan.grid.y <= 65535)
            // 255 registers a thread leave room for eight warps.
            #expect(plan.block.x <= 256)
        }
    }

    @Test("long prompts fill the GPU")
    func blocks() {
        for keyCount in [131_072, 1_048_576] {
            let plan = EstimatePlan(
                shape: AttentionShape(heads: 32, kvHeads: 8, headDimension: 128, queryCount: keyCount),
                rows: 64)
            let blocks = plan.grid.x * plan.grid.y
            #expect(blocks % 128 == 0)
        }
    }

    @Test("shared memory fits every GPU from Ampere on")
    func sharedMemory() {
        let kernels = KernelCatalog.all.map(\.specification).filter { $0.unit.source == "sm80_estimate.cu" }
        #expect(!kernels.isEmpty)
        // Compute capability 8.6 has the least: 99 KiB.
        for kernel in kernels { #expect(kernel.dynamicSharedBytes <= 99 << 10, "\(kernel)") }
    }
}
