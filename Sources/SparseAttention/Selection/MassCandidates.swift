/// What a choice by mass chooses from: the lines whose mass is worth a key, as shares of the whole mass.
///
/// A device that holds the sums finds the same candidates in the same sums, bit for bit: masses are integers until they
/// become shares, see `LineMasses`.
package struct MassCandidates: Sendable, Hashable {
    /// Ascending places with what they hold.
    package struct Lines: Sendable, Hashable {
        /// Keys, or numbers of cells.
        package var places: [Int32]
        /// Mass that is theirs alone.
        package var own: [Float]
        /// Their own mass and the shared mass on them.
        package var claimed: [Float]

        /// Lines; the three lists are equally long.
        package init(places: [Int32] = [], own: [Float] = [], claimed: [Float] = []) {
            self.places = places
            self.own = own
            self.claimed = claimed
        }
    }

    /// Sums over all lines.
    package var totals: MassTotals
    /// Columns.
    package var columns: Lines
    /// Cells of distances.
    package var cells: Lines

    /// Candidates.
    package init(totals: MassTotals, columns: Lines, cells: Lines) {
        self.totals = totals
        self.columns = columns
        self.cells = cells
    }
}

/// Sums over all lines of a head, in the fixed point of `LineMasses`.
package struct MassTotals: Sendable, Hashable {
    /// All mass.
    package var all: Int64
    /// The mass of sinks and local band.
    package var forced: Int64
    /// The own mass of all columns and distances that can be chosen, times `max(rows - 1, 1)`.
    package var own: Int64

    /// Totals.
    package init(all: Int64, forced: Int64, own: Int64) {
        self.all = all
        self.forced = forced
        self.own = own
    }

    /// How the whole mass divides; nil when nothing is known.
    func shares(rows: Int) -> MassShares? {
        guard all > 0 else { return nil }
        let forced = min(Double(forced) / Double(all), 1)
        let own = Double(own) / (Double(all) * Double(max(rows - 1, 1)))
        let shared = max(1 - forced - own, 1e-9)
        return MassShares(forced: forced, shared: shared, scale: (1 - forced) / (own + shared))
    }
}

/// How the whole mass of a head divides into what is kept in any case, own and shared masses.
struct MassShares {
    /// The share of the whole mass in sinks and local band.
    let forced: Double
    /// The share of the whole mass that is shared.
    let shared: Double
    /// Own masses are too large by this where noise has been taken for lines.
    fileprivate let scale: Double

    /// The share of the whole mass that lines hold together with sinks and local band, given their own masses and
    /// what columns and distances claim of the shared mass.
    func kept(own: Double, sharedColumns: Double, sharedDistances: Double) -> Double {
        let missing = (1 - min(sharedColumns / shared, 1)) * (1 - min(sharedDistances / shared, 1))
        return forced + scale * (own + shared * (1 - missing))
    }
}
