import SparseAttention

/// What a head's attention costs on a device: a time per row block and per pair of each kind of work, and the time of the
/// estimate that its pattern needs.
///
/// Seconds when it was measured (`KernelCalibration`); with `pairs` a number of query-key pairs. A cost is a function of
/// integers and these rates alone, so that the same rates always lead to the same choice.
public struct KernelCost: Sendable, Hashable {
    /// For each row block of a head.
    public var rowBlock: Double
    /// For each pair of kept distances.
    public var distancePair: Double
    /// For each pair of a gathered column.
    public var columnPair: Double
    /// For each pair of a kept block.
    public var blockPair: Double
    /// For each key of a head whose columns and distances are estimated.
    public var lineEstimate: Double
    /// For each pair of a row block and a causal key block of a head whose blocks are estimated.
    public var blockEstimate: Double

    package init(
        rowBlock: Double, distancePair: Double, columnPair: Double, blockPair: Double, lineEstimate: Double,
        blockEstimate: Double
    ) {
        self.rowBlock = rowBlock
        self.distancePair = distancePair
        self.columnPair = columnPair
        self.blockPair = blockPair
        self.lineEstimate = lineEstimate
        self.blockEstimate = blockEstimate
    }

    /// Query-key pairs that are computed, wherever they lie.
    public static let pairs = KernelCost(
        rowBlock: 0, distancePair: 1, columnPair: 1, blockPair: 1, lineEstimate: 0, blockEstimate: 0)

    /// The cost of a head with this index.
    public func cost(
        of index: AttentionIndex, pattern: HeadPattern, shape: AttentionShape, geometry: AttentionGeometry
    ) -> Double {
        var cost = rowBlock * Double(shape.rowBlockCount(geometry)) + estimate(pattern, shape: shape)
        switch index {
        case .slashes(let slashes) where slashes.isDense(keyCount: shape.keyCount):
            cost += distancePair * Double(shape.causalPairs)
        case .slashes(let slashes):
            for projection in slashes.projections(shape: shape, geometry: geometry) {
                cost += distancePair * Double(projection.distancePairs())
                cost += columnPair * Double(projection.columnPairs(slashes.columns))
            }
        default: cost += blockPair * Double(index.computedPairs(shape: shape, geometry: geometry))
        }
        return cost
    }

    /// The cost of dense attention for one head.
    public func dense(shape: AttentionShape, geometry: AttentionGeometry) -> Double {
        cost(of: .dense, pattern: .dense, shape: shape, geometry: geometry)
    }

    private func estimate(_ pattern: HeadPattern, shape: AttentionShape) -> Double {
        switch pattern.name {
        case "vertical-slash": return lineEstimate * Double(shape.keyCount)
        case "block-sparse":
            return blockEstimate * Double(shape.causalPairs) / Double(64 * 64)
        default: return 0
        }
    }
}
