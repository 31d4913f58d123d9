import CUDAKernels
import SparseAttention

/// How an estimate is spread over blocks, warps and parts of the keys.
///
/// It follows from the call's extents alone, not from the device, so that the same call gives the same bits on every
/// GPU: the parts' sums are added in order, and other parts would round differently.
package struct EstimatePlan: Sendable, Hashable {
    /// The last query rows that are estimated from.
    package let rows: Int
    /// Query heads of a block, which share its keys.
    package let headsPerBlock: Int
    /// Parts of the keys that a block works on at a time.
    package let streams: Int
    /// Warps that share the rows of a head.
    package let splits: Int
    /// Keys of a part: each warp has one.
    package let partKeys: Int
    /// Parts of a head.
    package let parts: Int
    /// Floats from one head's line sums to the next one's.
    package let lineStride: Int
    private let shape: AttentionShape

    /// Enough blocks for a GPU of 132 multiprocessors, each holding one, in as many rounds as the keys give work for.
    private static let blocksPerRound = 128
    private static let keysPerRound = 128 << 10
    /// Shorter parts would spend their time on loading queries.
    private static let minimumPartKeys = 512

    /// A plan for the last `rows` rows, at most 64.
    package init(shape: AttentionShape, rows: Int) {
        self.shape = shape
        self.rows = min(max(rows, 1), shape.queryCount, MI_ESTIMATE_MAX_ROWS)
        splits = Self.splits(headDimension: shape.headDimension)
        headsPerBlock = Self.headsPerBlock(shape)
        streams = Self.streams(headDimension: shape.headDimension, heads: headsPerBlock)
        let keyCount = shape.keyCount
        let stage = MI_ESTIMATE_STAGE_KEYS
        let rounds = (keyCount + Self.keysPerRound - 1) / Self.keysPerRound
        let rows = shape.heads / headsPerBlock
        let wanted = (Self.blocksPerRound + rows - 1) / rows * rounds * streams
        let keys = max((keyCount + wanted - 1) / wanted, Self.minimumPartKeys)
        partKeys = (keys + stage - 1) / stage * stage
        parts = (keyCount + partKeys * streams - 1) / (partKeys * streams) * streams
        lineStride = (keyCount + 63) / 64 * 64
    }

    /// Above 128 elements the queries of 64 rows do not fit into a warp's registers.
    package static func splits(headDimension: Int) -> Int { headDimension > 128 ? 2 : 1 }

    package static func streams(headDimension: Int, heads: Int) -> Int {
        headDimension > 128 || heads > 4 ? 1 : 2
    }

    /// The largest divisor of the group for which a block's warps, at most eight, have the registers that they need.
    private static func headsPerBlock(_ shape: AttentionShape) -> Int {
        let most = 8 / splits(headDimension: shape.headDimension)
        return (1...most).last { shape.groupSize % $0 == 0 } ?? 1
    }

    /// The kernels' grid of blocks.
    package var grid: LaunchSize { LaunchSize(parts / streams, shape.heads / headsPerBlock) }
    /// Threads of a block.
    package var block: LaunchSize { LaunchSize(32 * headsPerBlock * streams * splits) }
    /// Floats of one list of line sums of all heads.
    var lineFloats: Int { splits * shape.heads * lineStride }
    /// Floats of what parts hand over: a number for each head, part and row.
    var partFloats: Int { splits * shape.heads * parts * MI_ESTIMATE_MAX_ROWS }
}
