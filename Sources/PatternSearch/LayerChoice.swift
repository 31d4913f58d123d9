import SparseAttention

/// All heads of a layer at one level of cost, and what the model's answers lose by it.
package struct LayerChoice: Sendable, Hashable, Priced {
    /// One point per head.
    package var heads: [SearchPoint]
    /// The mean divergence of the answers' predictions from the dense ones, in nats, with this layer alone sparse.
    package var divergence: Double

    /// The sum over the heads.
    package var cost: Double { heads.reduce(0) { $0 + $1.cost } }

    package init(heads: [SearchPoint], divergence: Double) {
        self.heads = heads
        self.divergence = divergence
    }

    /// A layer's heads at rising levels of cost, each level spent over the heads where it saves most of the outputs'
    /// error, without those that are the same as the one before. Divergences are still to be measured.
    static func levels(of heads: [HeadMeasurement]) -> [LayerChoice] {
        let points = heads.map(\.points)
        let dense = points.reduce(0) { $0 + $1[$1.count - 1].cost }
        var choices: [LayerChoice] = []
        for level in SearchSettings.levels {
            let chosen = Allocation.spend(
                level * dense, choices: points, weights: heads.map { $0.weight.squareRoot() }, loss: \.error)
            if choices.last?.heads != chosen { choices.append(LayerChoice(heads: chosen, divergence: 0)) }
        }
        return choices
    }
}
