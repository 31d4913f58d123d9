import CUDAKernels
import Compute

/// The decode kernel of a head size; one thread block fills a multiprocessor.
package struct DecodeKernel {
    /// Elements of a head.
    package let headDimension: Int
    /// Warps of a thread block.
    package let warps: Int
    /// Its code.
    package let specification: KernelSpecification
    /// The variant whose first keys and values are in 8-bit floating point.
    package let compressed: KernelSpecification

    /// One per head size.
    package static let all = [
        DecodeKernel(headDimension: 32, warps: 16), DecodeKernel(headDimension: 64, warps: 16),
        DecodeKernel(headDimension: 96, warps: 16), DecodeKernel(headDimension: 128, warps: 12),
        DecodeKernel(headDimension: 256, warps: 8),
    ]

    private init(headDimension: Int, warps: Int) {
        self.headDimension = headDimension
        self.warps = warps
        func specification(isCompressed: Bool) -> KernelSpecification {
            KernelSpecification(
                source: "sm80_decode_attention.cu", entry: "decode_attention",
                definitions: [
                    "HEAD_DIM": headDimension, "WARPS": warps,
                    "COMPRESSED": isCompressed ? 1 : 0,
                ],
                dynamicSharedBytes: Self.sharedBytes(
                    headDimension: headDimension, warps: warps, isCompressed: isCompressed))
        }
        self.specification = specification(isCompressed: false)
        compressed = specification(isCompressed: true)
    }

    /// The size of the kernel's `Shared`, its last member rounded up.
    private static func sharedBytes(headDimension: Int, warps: Int, isCompressed: Bool) -> Int {
        let heads = MI_DECODE_GROUP_TILE
        let queries = headDimension / 32 * 32 * 16 * (isCompressed ? 2 : 1)
        let outputs = warps * heads * (headDimension + 4) * 4
        let statistics = 2 * warps * heads * 4
        return queries + outputs + statistics + heads * MI_DECODE_MAXIMUM_SPLITS * 4 + 16
    }

    /// Parts of the keys: one wave of thread blocks over `rows` pairs of key head and group tile, but no split with
    /// less than a tile of keys per warp.
    package func splits(keyCount: Int, rows: Int, multiprocessors: Int) -> Int {
        let tiles = (keyCount + MI_DECODE_TILE_KEYS - 1) / MI_DECODE_TILE_KEYS
        let wave = multiprocessors / rows
        return max(1, min(wave, (tiles + warps - 1) / warps, MI_DECODE_MAXIMUM_SPLITS))
    }
}

extension KernelCatalog {
    static let decode = DecodeKernel.all.flatMap { [Entry($0.specification), Entry($0.compressed)] }
}
