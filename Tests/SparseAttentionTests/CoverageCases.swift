import SparseAttention

/// A shape and a geometry to count over.
struct CoverageCase: CustomStringConvertible {
    var shape: AttentionShape
    var geometry: AttentionGeometry
    var description: String {
        "\(shape.queryCount) rows from \(shape.queryStart), \(geometry.placement) tiles \(geometry.rowBlock) x "
            + "\(geometry.keyGroup)"
    }

    /// Chunks at and off the tile grid, lengths around tile edges, and kernels fine and coarse.
    static let all: [CoverageCase] = {
        let geometries =
            [(1, 1), (64, 4), (16, 4), (128, 64), (64, 64)].map {
                AttentionGeometry(rowBlock: $0.0, keyGroup: $0.1)
            } + [.boxes]
        let extents = [
            (0, 1), (0, 64), (0, 257), (37, 5), (64, 130), (130, 63), (131, 200), (6, 129), (200, 64),
            (1000, 70),
        ]
        return geometries.flatMap { geometry in
            extents.map { start, count in
                CoverageCase(shape: oneHead(start: start, count: count), geometry: geometry)
            }
        }
    }()

    static func oneHead(start: Int = 0, count: Int) -> AttentionShape {
        AttentionShape(heads: 1, kvHeads: 1, headDimension: 4, queryStart: start, queryCount: count)
    }
}

extension AttentionIndex {
    /// The pairs that `isKept` admits, one by one.
    func countedPairs(_ shape: AttentionShape, _ geometry: AttentionGeometry) -> Int {
        (0..<shape.queryCount).reduce(0) { sum, row in
            sum + (0..<shape.keyCount).count { isKept(row: row, key: $0, shape: shape, geometry: geometry) }
        }
    }

    /// The keys of `keptRanges`, which must not overlap.
    func listedKeys(row: Int, _ shape: AttentionShape, _ geometry: AttentionGeometry) -> [Int] {
        keptRanges(row: row, shape: shape, geometry: geometry).flatMap { Array($0) }.sorted()
    }
}
