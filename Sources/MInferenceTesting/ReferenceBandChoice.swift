import SparseAttention

/// The choice between chosen lines and a local band of the same cost, pair by pair.
public struct ReferenceBandChoice {
    private let attention: ReferenceAttention
    private let geometry: AttentionGeometry
    private var shape: AttentionShape { attention.shape }

    /// Choices over `attention` for a kernel of `geometry`.
    public init(_ attention: ReferenceAttention, geometry: AttentionGeometry) {
        self.attention = attention
        self.geometry = geometry
    }

    /// The distances of the band that a head takes instead of `lines`; nil when it keeps them.
    ///
    /// The band has the first `sinks` keys and as many distances as leave it about the pairs of `lines`, if those are
    /// more than `local`; it is taken when it loses at most a twentieth more of the mass of the rows in the middle of
    /// `rowCount` equal parts.
    public func width(
        head: Int, lines: AttentionIndex, rowCount: Int, tailRows: Int, sinks: Int, local: Int
    ) -> Int? {
        let pairs = ReferenceSelection(lines, shape: shape, geometry: geometry).pairCount()
        let width = pairs / shape.queryCount - sinks - geometry.rowBlock / 2
        guard width > local else { return nil }
        let band = AttentionIndex.slashes(.aShape(sinks: sinks, local: width))
        let front = shape.queryCount - tailRows
        var lost = (lines: 0.0, band: 0.0)
        for part in 0..<rowCount {
            let block = (2 * part + 1) * front / (2 * rowCount) / 64
            let row = min(block * 64 + part * 64 / rowCount, front - 1)
            lost.lines += lostMass(lines, head: head, row: row)
            lost.band += lostMass(band, head: head, row: row)
        }
        return lost.band <= 1.05 * lost.lines ? width : nil
    }

    private func lostMass(_ index: AttentionIndex, head: Int, row: Int) -> Double {
        let kept = Set(ReferenceSelection(index, shape: shape, geometry: geometry).keys(row: row))
        return attention.probabilities(head: head, row: row).enumerated().reduce(0) { sum, entry in
            kept.contains(entry.offset) ? sum : sum + entry.element
        }
    }
}
