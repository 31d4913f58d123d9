import Checkpoints
import Compute

/// Decides before a run how a prompt fits a device.
///
/// The prompt goes through a layer as a whole, so the residual stream and the queries of all its rows exist at once,
/// projections and MLP go slice by slice, and keys and values of finished layers stay for decoding. What gives way, in
/// this order: slices shrink; keys and values are kept in 8-bit floating point, one layer at a time in the compute type;
/// the last layers' go to pinned host memory.
package struct MemoryPlanner: Sendable {
    /// The model's sizes.
    package var footprint: ModelFootprint
    /// The number of decoder layers.
    package var layers: Int
    /// All tokens of the prompt.
    package var promptTokens: Int
    /// Room after the prompt.
    package var answerTokens: Int
    /// Rows that go through a layer together.
    package var chunkRows: Int
    /// Rows of a slice when memory does not matter.
    package var preferredSliceRows: Int
    /// What the device can give, the model's weights included; nil for no limit.
    package var budget: MemoryBudget?
    /// Whether the device can compress keys and values as `precision` asks.
    package var canCompress: Bool
    /// How keys and values are to be kept.
    package var precision: KVPrecision
    /// Whether attention makes copies of a layer's queries and keys at other positions.
    package var repositions: Bool

    /// Slices are not made smaller than this: matrix products would starve.
    static let leastSliceRows = 2048

    /// A planner; members say what for.
    package init(
        footprint: ModelFootprint, layers: Int, promptTokens: Int, answerTokens: Int, chunkRows: Int,
        preferredSliceRows: Int, budget: MemoryBudget?, canCompress: Bool, precision: KVPrecision,
        repositions: Bool = false
    ) {
        self.footprint = footprint
        self.layers = layers
        self.promptTokens = promptTokens
        self.answerTokens = answerTokens
        self.chunkRows = chunkRows
        self.preferredSliceRows = preferredSliceRows
        self.budget = budget
        self.canCompress = canCompress
        self.precision = precision
        self.repositions = repositions
    }

    /// The first way, in order of preference, that fits.
    ///
    /// - Throws: `GenerateError.doesNotFit` with the numbers of the way that needs least; `.invalidParameter` when 8-bit
    ///   keys and values are demanded of a device or an order of work that has none.
    package func plan() throws(GenerateError) -> MemoryPlan {
        // A layer's keys and values are complete, and can be compressed, only if all rows pass it together.
        let compressible = canCompress && chunkRows == promptTokens
        if precision.insistsOnCompression, !compressible {
            throw .invalidParameter(
                name: "kv", value: precision.rawValue,
                expected: "native or auto: this device or order of work cannot compress keys and values so")
        }
        var candidates: [MemoryPlan] = []
        for compresses in [false, true] {
            guard compresses ? compressible && precision != .native : !precision.insistsOnCompression else {
                continue
            }
            for rows in sliceSizes {
                candidates.append(plan(sliceRows: rows, compresses: compresses, hostLayers: 0))
            }
        }
        guard let budget else { return candidates[0] }
        if let first = candidates.first(where: { $0.peakBytes <= budget.device }) {
            return explained(first, instead: candidates[0])
        }
        guard let smallest = candidates.last else { return candidates[0] }
        if smallest.compressesKV, budget.host > 0, let moved = movingLayersToHost(budget) {
            return explained(moved, instead: candidates[0])
        }
        throw .doesNotFit(
            promptTokens: promptTokens, neededBytes: smallest.peakBytes, availableBytes: budget.device,
            longestPrompt: longestPrompt(budget))
    }

    /// The preferred slice and its halves.
    private var sliceSizes: [Int] {
        var sizes = [min(preferredSliceRows, chunkRows)]
        while let last = sizes.last, last / 2 >= Self.leastSliceRows { sizes.append(last / 2) }
        return sizes
    }

    private func movingLayersToHost(_ budget: MemoryBudget) -> MemoryPlan? {
        for hostLayers in 1...layers {
            let plan = plan(
                sliceRows: sliceSizes[sliceSizes.count - 1], compresses: true, hostLayers: hostLayers)
            guard plan.hostBytes <= budget.host else { return nil }
            if plan.peakBytes <= budget.device { return plan }
        }
        return nil
    }

    /// The longest prompt in steps of 1024 tokens that the best of all ways would take; 0 for none.
    private func longestPrompt(_ budget: MemoryBudget) -> Int {
        var (fits, fails) = (0, promptTokens / 1024 + 1)
        while fits + 1 < fails {
            let middle = (fits + fails) / 2
            var shorter = self
            shorter.promptTokens = middle * 1024
            shorter.chunkRows = min(chunkRows, shorter.promptTokens)
            let compresses = canCompress && precision != .native && chunkRows == promptTokens
            let least = shorter.plan(
                sliceRows: min(Self.leastSliceRows, shorter.chunkRows), compresses: compresses, hostLayers: 0)
            if least.peakBytes <= budget.device { fits = middle } else { fails = middle }
        }
        return fits * 1024
    }
}

extension MemoryPlanner {
    /// The plan of one way of doing it, whether it fits or not.
    private func plan(sliceRows: Int, compresses: Bool, hostLayers: Int) -> MemoryPlan {
        let capacity = promptTokens + answerTokens
        var items = [
            MemoryPlan.Item(name: "weights", bytes: footprint.weights, detail: "\(layers) layers"),
            MemoryPlan.Item(
                name: "residual stream", bytes: footprint.residual(rows: chunkRows),
                detail: "\(chunkRows) rows, fp32"),
            MemoryPlan.Item(
                name: "queries", bytes: footprint.queries(rows: chunkRows), detail: "\(chunkRows) rows"),
            MemoryPlan.Item(
                name: "slices", bytes: footprint.workspace(rows: sliceRows), detail: "\(sliceRows) rows"),
            MemoryPlan.Item(
                name: "estimate", bytes: footprint.attention(tokens: promptTokens),
                detail: "line sums and gathered columns of a layer"),
        ]
        if repositions {
            items.append(
                MemoryPlan.Item(
                    name: "repositioned", bytes: footprint.repositioned(rows: chunkRows, tokens: capacity),
                    detail: "queries and keys of a layer at other positions"))
        }
        var hostBytes = 0
        if compresses {
            let compressed = footprint.compressedKeysAndValues(tokens: promptTokens)
            let tail = footprint.keysAndValues(tokens: answerTokens)
            items.append(
                MemoryPlan.Item(
                    name: "KV of a layer", bytes: footprint.keysAndValues(tokens: promptTokens),
                    detail: "compute type, while its layer runs"))
            items.append(
                MemoryPlan.Item(
                    name: "KV cache",
                    bytes: layers * (tail + compressed.factors) + (layers - hostLayers) * compressed.elements,
                    detail:
                        "\(layers - hostLayers) layers, \(precision.format.rawValue) with a factor per 64 tokens and head"
                ))
            hostBytes = hostLayers * compressed.elements
        } else {
            items.append(
                MemoryPlan.Item(
                    name: "KV cache", bytes: layers * footprint.keysAndValues(tokens: capacity),
                    detail: "\(layers) layers, compute type"))
        }
        return MemoryPlan(
            promptTokens: promptTokens, capacity: capacity, sliceRows: sliceRows,
            kvFormat: compresses ? precision.format : nil,
            hostLayers: hostLayers, items: items, hostBytes: hostBytes, availableBytes: budget?.device,
            reasons: [])
    }

    /// `plan` with the reasons why it is not the preferred one.
    private func explained(_ plan: MemoryPlan, instead preferred: MemoryPlan) -> MemoryPlan {
        var plan = plan
        guard let available = budget?.device else { return plan }
        let size = MemoryPlan.size(preferred.peakBytes)
        if plan.compressesKV, !preferred.compressesKV {
            plan.reasons.append(
                "KV in fp8: in the compute type the peak would be \(size) of \(MemoryPlan.size(available))")
        }
        if plan.sliceRows < preferred.sliceRows {
            plan.reasons.append("slices of \(plan.sliceRows) rows instead of \(preferred.sliceRows) to fit")
        }
        if plan.hostLayers > 0 {
            plan.reasons.append(
                "KV of the last \(plan.hostLayers) layers on the host: decoding reads it over the bus")
        }
        return plan
    }
}
