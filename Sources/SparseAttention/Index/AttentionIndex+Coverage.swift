/// What a kernel really computes for an index.
extension AttentionIndex {
    /// The causal query-key pairs that a kernel of `geometry` computes for one head.
    ///
    /// Row blocks and key groups count whole, pairs with keys after the row are not counted, no pair is counted
    /// twice; dense attention is exactly `shape.causalPairs`. A mask counts the pairs that it keeps, and a mean that
    /// stands for a block counts as one key.
    public func computedPairs(shape: AttentionShape, geometry: AttentionGeometry) -> Int {
        switch self {
        case .slashes(let slashes): slashes.computedPairs(shape: shape, geometry: geometry)
        case .blocks(let blocks): blocks.keptPairs(shape: shape)
        case .mask(let mask): mask.keptPairs(shape: shape)
        case .correctedBlocks(let blocks):
            blocks.keptPairs(shape: shape) + blocks.correctionPairs(shape: shape)
        case .repositioned(let index): index.keptPairs(shape: shape)
        }
    }

    /// `computedPairs` as a share of the pairs of dense causal attention, 0 to 1.
    public func density(shape: AttentionShape, geometry: AttentionGeometry) -> Double {
        guard shape.causalPairs > 0 else { return 1 }
        return Double(computedPairs(shape: shape, geometry: geometry)) / Double(shape.causalPairs)
    }

    /// Whether a kernel of `geometry` computes `key` for a query row; `row` counts from `queryStart`.
    public func isKept(row: Int, key: Int, shape: AttentionShape, geometry: AttentionGeometry) -> Bool {
        guard row >= 0, row < shape.queryCount, key >= 0, key <= shape.queryStart + row else { return false }
        return switch self {
        case .slashes(let slashes): slashes.isKept(row: row, key: key, shape: shape, geometry: geometry)
        case .blocks(let blocks), .correctedBlocks(let blocks): blocks.isKept(row: row, key: key)
        case .mask(let mask): mask.isKept(row: row, key: key, shape: shape)
        case .repositioned(let index): index.isKept(row: row, key: key, shape: shape)
        }
    }

    /// The keys that a kernel computes for one query row, as disjoint ranges clipped to the row; not ascending. Means
    /// that stand for blocks are no keys.
    public func keptRanges(row: Int, shape: AttentionShape, geometry: AttentionGeometry) -> [Range<Int>] {
        switch self {
        case .slashes(let slashes): slashes.keptRanges(row: row, shape: shape, geometry: geometry)
        case .blocks(let blocks), .correctedBlocks(let blocks): blocks.keptRanges(row: row, shape: shape)
        case .mask(let mask): mask.keptRanges(row: row, shape: shape)
        case .repositioned(let index): index.keptRanges(row: row, shape: shape)
        }
    }

    /// The share of a row's attention mass that the kept keys hold.
    ///
    /// `probabilities` are the row's exact ones over keys `0...position`; they are normalised by their own sum.
    public func keptMass(
        of probabilities: [Float], row: Int, shape: AttentionShape, geometry: AttentionGeometry
    ) -> Double {
        let total = probabilities.reduce(0.0) { $0 + Double($1) }
        guard total > 0 else { return 1 }
        let kept = keptRanges(row: row, shape: shape, geometry: geometry).reduce(0.0) { sum, range in
            probabilities[range].reduce(sum) { $0 + Double($1) }
        }
        return min(kept / total, 1)
    }
}
