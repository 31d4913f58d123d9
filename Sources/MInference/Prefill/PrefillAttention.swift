import Checkpoints
import Compute
import Models
import SparseAttention

/// The attention step of a prefill: probe, select, measure, attend; with the times and a record of each.
final class PrefillAttention {
    private let model: LlamaModel
    private let method: any AttentionMethod
    private let sampler: RecallSampler?
    private let floor: RecallFloor?
    private let timer: PhaseTimer
    private var report: SparsityReport

    /// The attention that `parameters` ask for.
    ///
    /// - Throws: `PatternsError` when the patterns are those of a model of other sizes.
    init(model: LlamaModel, parameters: PrefillParameters, timer: PhaseTimer) throws {
        self.model = model
        self.timer = timer
        method = parameters.attention
        if let patterns = (method as? MInferenceMethod)?.patterns {
            try Self.check(patterns, layers: model.layerCount, heads: model.configuration.attentionHeads)
        }
        let sampler = parameters.recallRows > 0 ? RecallSampler(rowCount: parameters.recallRows) : nil
        self.sampler = sampler
        floor = parameters.minRecall.map { RecallFloor(minimum: $0, sampler: sampler ?? RecallSampler()) }
        report = SparsityReport(
            method: method.specification, layers: model.layerCount, heads: model.configuration.attentionHeads)
    }

    /// What was chosen and kept, with the times; waits for the device.
    var finishedReport: SparsityReport {
        var report = report
        for (layer, times) in timer.layerTimes {
            report.setSeconds(layer: layer, estimate: times.estimate, attend: times.attend)
        }
        return report
    }

    private static func check(_ patterns: HeadPatterns, layers: Int, heads: Int) throws(PatternsError) {
        guard patterns.layerCount == layers else {
            throw .layerCount(found: patterns.layerCount, expected: layers)
        }
        guard patterns.headCount == heads else {
            throw .headCount(layer: 0, found: patterns.headCount, expected: heads)
        }
    }

    /// Attention of the rows at `positions` over all keys up to each.
    ///
    /// `queries` and `output` are `[positions.count, heads * headDim]` and may be the same tensor.
    func attend(
        layer: Int, positions: Range<Int>, queries: Tensor, cache: KVLayer, into output: Tensor
    ) throws {
        let shape = model.attentionShape(queryStart: positions.lowerBound, queryCount: positions.count)
        let probe = model.backend.makeProbe(
            queries: queries, cache: cache, shape: shape, scale: model.attentionScale)
        var selections = try timer.measure(\.estimate, layer: layer) {
            try method.select(layer: layer, probe: probe)
        }
        var recalls: [RecallSample]?
        if let floor {
            let rules = (method as? MInferenceMethod)?.rules ?? .standard
            let outcome = try timer.measure(\.estimate, layer: layer) {
                try floor.enforce(on: selections, probe: probe, rules: rules)
            }
            (selections, recalls) = (outcome.selections, outcome.recalls)
        } else if let sampler {
            recalls = try timer.measure(\.other) {
                try sampler.recalls(heads: Array(selections.indices), selections: selections, probe: probe)
            }
        }
        try timer.measure(\.attend, layer: layer) {
            try model.backend.attend(
                queries: queries, cache: cache, shape: shape, indexes: selections.map(\.index),
                scale: model.attentionScale, into: output)
        }
        report.record(
            layer: layer, selections: selections, recalls: recalls, shape: shape)
    }
}
