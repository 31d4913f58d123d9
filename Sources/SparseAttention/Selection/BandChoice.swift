/// Chooses, head by head, between the lines that the last rows need and a local band of the same cost.
///
/// Lines come from the last rows. Where a head's attention is diffuse, the cap on density leaves room for a part of
/// them only, and the heaviest columns of a question are then a poor choice for the rows of the document: a band of as
/// many neighbours holds more of their attention. So a few exact rows spread over the prompt decide, by the mass that
/// each index keeps of them. This is the choice between the patterns A-shape and vertical-slash that MInference's
/// search makes offline, by recall and at equal cost, made for the prompt at hand.
package struct BandChoice: Sendable, Hashable {
    /// Exact rows per head; 0 chooses nothing.
    package var rowCount: Int
    /// The last rows, which attend every key and have no say.
    package var tailRows: Int

    package init(rowCount: Int, tailRows: Int) {
        self.rowCount = rowCount
        self.tailRows = tailRows
    }

    /// A band may lose this much more mass than the lines do: what it keeps are neighbours, an even sample of a row's
    /// values, where the columns of other rows are not.
    private static let tolerance = 1.05

    /// The rows that decide, ascending, counted from the first query row: the middles of equal stretches of the rows
    /// before the tail, at different places of their row blocks. The same for every call of the same length.
    package func rows(of shape: AttentionShape) -> [Int] {
        let front = max(shape.queryCount - tailRows, 0)
        let count = min(rowCount, front / 64)
        return (0..<count).map { stretch in
            let middle = (2 * stretch + 1) * front / (2 * count)
            return min(middle / 64 * 64 + stretch * 64 / count, front - 1)
        }
    }

    /// The distances of a band that computes about as many pairs as an index of `pairs`; nil when they are no more than
    /// what `forcing` keeps anyway.
    package static func width(
        pairs: Int, forcing: VerticalSlashForcing, shape: AttentionShape, geometry: AttentionGeometry
    ) -> Int? {
        // Rows before the width see fewer keys than it, so that a band of width w has at most queryCount * w pairs; it
        // spreads over a row block.
        let keys = pairs / max(shape.queryCount, 1)
        let width = keys - forcing.sinks - geometry.rowBlock / 2
        return width > forcing.local ? width : nil
    }

    /// `selections`, with bands for the heads whose lines keep no more of the rows. Only vertical-slash heads with a
    /// budget by mass take part.
    package func applied(
        to selections: [HeadSelection], heads: [Int], probe: any AttentionProbe
    ) throws -> [HeadSelection] {
        let (shape, geometry) = (probe.shape, probe.geometry)
        let rows = rows(of: shape)
        guard !rows.isEmpty else { return selections }
        var bands: [(place: Int, selection: HeadSelection)] = []
        for (place, selection) in selections.enumerated() {
            guard case .verticalSlash(let budget) = selection.pattern.storage,
                case .mass(_, _, let forcing) = budget.storage, selection.computedPairs < shape.causalPairs,
                let band = Self.width(
                    pairs: selection.computedPairs, forcing: forcing, shape: shape, geometry: geometry)
            else { continue }
            let index = SlashIndex.aShape(sinks: forcing.sinks, local: band)
            bands.append(
                (
                    place,
                    HeadSelection(
                        index: .slashes(index), pattern: .aShape(sinks: forcing.sinks, local: band),
                        shape: shape, geometry: geometry)
                ))
        }
        guard !bands.isEmpty else { return selections }
        // Both indexes of a row next to each other: a probe computes the row once.
        let masses = try probe.keptMasses(
            bands.flatMap { band in
                rows.flatMap { row in
                    [selections[band.place].index, band.selection.index].map {
                        SampledRow(head: heads[band.place], row: row, index: $0)
                    }
                }
            })
        var chosen = selections
        for (number, band) in bands.enumerated() {
            let kept = masses[number * 2 * rows.count..<(number + 1) * 2 * rows.count]
            let lost = { (offset: Int) in
                stride(from: kept.startIndex + offset, to: kept.endIndex, by: 2).reduce(0) {
                    $0 + 1 - kept[$1]
                }
            }
            guard lost(1) <= Self.tolerance * lost(0) else { continue }
            chosen[band.place] = band.selection
        }
        return chosen
    }
}
