import CUDABackend
import CUDAKernels
import Testing

@Suite("Decode kernel")
struct DecodeKernelTests {
    @Test("splits fill the device once and leave no warp without keys", arguments: [32, 64, 96, 128, 256])
    func splits(headDimension: Int) throws {
        let kernel = try #require(DecodeKernel.all.first { $0.headDimension == headDimension })
        for keyCount in [1, 16, 17, 1000, 8192, 131_072, 1 << 20] {
            for rows in [1, 2, 8, 40, 500] {
                let splits = kernel.splits(keyCount: keyCount, rows: rows, multiprocessors: 132)
                #expect(splits >= 1 && splits <= MI_DECODE_MAXIMUM_SPLITS)
                #expect(splits == 1 || splits * rows <= 132)
                let tiles = (keyCount + MI_DECODE_TILE_KEYS - 1) / MI_DECODE_TILE_KEYS
                #expect(splits == 1 || (splits - 1) * kernel.warps < tiles)
            }
        }
        #expect(kernel.splits(keyCount: 131_072, rows: 8, multiprocessors: 132) == 16)
    }

    @Test("shared memory fits the smallest multiprocessors")
    func sharedMemory() {
        // 99 KiB is what a thread block may have on compute capability 8.6 and 8.9.
        #expect(DecodeKernel.all.allSatisfy { $0.specification.dynamicSharedBytes <= 99 << 10 })
    }
}
