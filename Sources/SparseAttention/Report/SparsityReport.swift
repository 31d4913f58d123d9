/// What sparse attention did in a run: per layer and head the pattern, density, recall and times.
public struct SparsityReport: Sendable, Hashable {
    /// The method's specification.
    public let method: String
    /// One report per layer.
    public private(set) var layers: [LayerReport]

    /// An empty report for a model; one that draws masks takes 64 KiB more for each head.
    public init(method: String, layers: Int, heads: Int, drawsMasks: Bool = false) {
        self.method = method
        self.layers = [LayerReport](
            repeating: LayerReport(heads: heads, drawsMasks: drawsMasks), count: layers)
    }

    /// Adds one attention call of a layer.
    ///
    /// `selections` and, when rows were sampled, `recalls` have one entry per query head; `geometry` is that of the kernel.
    public mutating func record(
        layer: Int, selections: [HeadSelection], recalls: [RecallSample]? = nil, shape: AttentionShape,
        geometry: AttentionGeometry
    ) {
        precondition(selections.count == layers[layer].heads.count, "one selection per head")
        for (head, selection) in selections.enumerated() {
            layers[layer].heads[head].record(
                selection, shape: shape, geometry: geometry, recall: recalls?[head])
        }
    }

    /// Sets what the attention of a layer took over all its calls. A device may know that only at the end of a run.
    public mutating func setSeconds(layer: Int, estimate: Double, attend: Double) {
        layers[layer].estimateSeconds = estimate
        layers[layer].attendSeconds = attend
    }

    private var heads: some Sequence<HeadReport> { layers.lazy.flatMap(\.heads) }

    /// The share of causal pairs that was computed, over all layers, heads and rows.
    public var density: Double { HeadReport.density(of: heads) }
    /// Mean and least recall over all sampled rows; nil when none were sampled.
    public var recall: RecallSample? { HeadReport.recall(of: heads) }
    /// The number of heads, over all layers, that were dense in every call.
    public var denseHeads: Int { heads.reduce(0) { $0 + ($1.isDense ? 1 : 0) } }
    /// Seconds of estimating and selecting.
    public var estimateSeconds: Double { layers.reduce(0) { $0 + $1.estimateSeconds } }
    /// Seconds of the attention itself.
    public var attendSeconds: Double { layers.reduce(0) { $0 + $1.attendSeconds } }
}
