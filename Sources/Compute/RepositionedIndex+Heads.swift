import SparseAttention

extension RepositionedIndex {
    /// The indexes of a call's heads when all are repositioned, by the same window and distance; empty when none is.
    ///
    /// - Throws: `ComputeError.unsupported` for anything between.
    package static func ofAllHeads(
        _ indexes: [AttentionIndex]
    ) throws(ComputeError) -> [RepositionedIndex] {
        let repositioned = indexes.compactMap { index -> RepositionedIndex? in
            if case .repositioned(let index) = index { index } else { nil }
        }
        guard let first = repositioned.first else { return [] }
        guard repositioned.count == indexes.count else {
            throw .unsupported(
                "either all heads of an attention call are repositioned or none; use one method for the layer"
            )
        }
        guard repositioned.allSatisfy({ $0.window == first.window && $0.distance == first.distance }) else {
            throw .unsupported("all heads of an attention call have the same window and distance")
        }
        return repositioned
    }
}
