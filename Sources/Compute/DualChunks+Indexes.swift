import SparseAttention

extension DualChunks {
    /// Throws for indexes that place rows or keys otherwise.
    package func check(_ indexes: [AttentionIndex]) throws(ComputeError) {
        for index in indexes {
            switch index {
            case .slashes, .blocks, .mask: continue
            case .correctedBlocks, .repositioned:
                throw .unsupported(
                    "means of blocks and keys at a common distance do not go with dual-chunk attention beyond "
                        + "\(plainTokens) tokens; use another attention method for this model")
            }
        }
    }
}
