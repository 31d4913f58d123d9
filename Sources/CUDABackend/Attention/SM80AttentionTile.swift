import CUDAKernels

/// One compiled form of `sm80_attention.cu`: the rows that a block of threads works on and how far it loads ahead.
package struct SM80AttentionTile: Sendable, Hashable {
    /// Elements of a head.
    package let headDimension: Int
    /// Query rows of a block of threads: 128, where a warp has twice the products for what it reads, or 64.
    package let rows: Int
    /// Tiles of keys and values in shared memory at a time.
    package let stages: Int
    /// Whether it can leave tiles out that weigh nothing, write log sums and take means of blocks as keys.
    package let hasExtras: Bool
    /// What it is compiled from.
    package let specification: KernelSpecification

    /// Threads of a block.
    package static let threads = 128
    /// Head sizes that the kernel is compiled for.
    package static let headDimensions = [64, 96, 128, 256]

    private init(headDimension: Int, rows: Int, stages: Int, hasExtras: Bool) {
        self.headDimension = headDimension
        self.rows = rows
        self.stages = stages
        self.hasExtras = hasExtras
        specification = KernelSpecification(
            source: "sm80_attention.cu", entry: "sm80_attention",
            definitions: [
                "HEAD_DIM": headDimension, "TILE_ROWS": rows, "STAGES": stages,
                "EXTRAS": hasExtras ? 1 : 0,
            ],
            dynamicSharedBytes: Int(
                mi_sm80_attention_shared_bytes(Int32(headDimension), Int32(rows), Int32(stages))))
    }

    /// Every form, the one that loads further ahead first. Rows of 256 elements fill the registers with 64 of them, and
    /// extras leave no room for 128 rows.
    package static let all: [SM80AttentionTile] = headDimensions.flatMap { dimension in
        [(64, false), (128, false), (64, true)].filter { rows, _ in dimension <= 128 || rows == 64 }
            .flatMap { rows, hasExtras in
                (dimension > 128 ? [1] : [2, 1]).map {
                    SM80AttentionTile(
                        headDimension: dimension, rows: rows, stages: $0, hasExtras: hasExtras)
                }
            }
    }

    /// The form for heads whose index changes between blocks of 64 rows, or between blocks of 128 at most.
    ///
    /// Blocks of threads hide each other's waits, so loading further ahead must leave room for two of 128 rows or
    /// three of 64; on an H200 the other choice costs up to a sixth.
    ///
    /// - Parameters:
    ///   - hasExtras: whether the call wants more than its output.
    ///   - sharedBytesPerBlock: the most that a block may have, which is a multiprocessor's less 1 KiB.
    /// - Returns: nil for a head size that the kernel is not compiled for.
    package static func choose(
        headDimension: Int, by rowStep: Int, hasExtras: Bool = false, sharedBytesPerBlock: Int
    ) -> SM80AttentionTile? {
        let rows = headDimension > 128 || rowStep % 128 != 0 || hasExtras ? 64 : 128
        let forms = all.filter {
            $0.headDimension == headDimension && $0.rows == rows && $0.hasExtras == hasExtras
        }
        let blocks = rows == 128 ? 2 : 3
        let reserved = 1 << 10
        return forms.first {
            blocks * ($0.specification.dynamicSharedBytes + reserved) <= sharedBytesPerBlock + reserved
        } ?? forms.last
    }
}

extension KernelCatalog {
    package static let attention = SM80AttentionTile.all.map { Entry($0.specification) }
}
