/// What one head of one layer computed and kept, over all attention calls of a run.
///
/// Pairs and recall are of the rows whose attention was computed. Of the last layer that is only what the logits need:
/// the prompt's last row, with the row block that it lies in where its index demands it.
public struct HeadReport: Sendable, Hashable {
    /// The pattern of the last call that was not asked to be dense.
    public private(set) var pattern = HeadPattern.dense
    /// The causal query-key pairs that were computed, tiles counted whole.
    public private(set) var computedPairs = 0
    /// The pairs of dense causal attention.
    public private(set) var causalPairs = 0
    /// The share of exact attention mass that was kept in sampled rows; nil when none were sampled.
    public private(set) var recall: RecallSample?
    /// Attention calls, one for each chunk that was estimated by itself.
    public private(set) var calls = 0
    /// The calls in which the head was dense.
    public private(set) var denseCalls = 0
    /// Why the head was last dense although its pattern is not; nil when that never happened.
    public private(set) var denseReason: DenseReason?
    /// Which pairs were computed; nil unless the report draws masks.
    public private(set) var mask: HeadMask?

    /// `computedPairs` as a share of `causalPairs`.
    public var density: Double { causalPairs > 0 ? Double(computedPairs) / Double(causalPairs) : 1 }
    /// Whether every call was dense.
    public var isDense: Bool { calls > 0 && denseCalls == calls }

    init(drawsMask: Bool) { mask = drawsMask ? HeadMask() : nil }

    mutating func record(
        _ selection: HeadSelection, shape: AttentionShape, geometry: AttentionGeometry,
        recall sample: RecallSample?
    ) {
        mask?.record(selection, shape: shape, geometry: geometry)
        if calls == 0 || selection.pattern != .dense { pattern = selection.pattern }
        computedPairs += selection.computedPairs
        causalPairs += shape.causalPairs
        calls += 1
        if selection.computedPairs >= shape.causalPairs { denseCalls += 1 }
        if let reason = selection.denseReason { denseReason = reason }
        if let sample { recall = recall?.merged(with: sample) ?? sample }
    }
}
