import Checkpoints
import Compute
import Models
import SparseAttention

/// The attention step of a prefill: probe, select, measure, attend; with the times and a record of each.
final class PrefillAttention {
    private let model: DecoderModel
    private let method: any AttentionMethod
    private let sampler: RecallSampler?
    private let floor: RecallFloor?
    private let timer: PhaseTimer
    private let observer: (@Sendable (AttentionCallView) throws -> Void)?
    private var report: SparsityReport

    /// The attention that `parameters` ask for.
    ///
    /// - Throws: What the method throws when it cannot serve a model of these sizes, `PatternsError` for one.
    init(model: DecoderModel, parameters: PrefillParameters, timer: PhaseTimer) throws {
        self.model = model
        self.timer = timer
        observer = parameters.observer
        method = try parameters.attention.bound(
            to: ModelExtents(
                layers: model.layerCount, heads: model.configuration.attentionHeads,
                kvHeads: model.configuration.kvHeads))
        let sampler = parameters.recallRows > 0 ? RecallSampler(rowCount: parameters.recallRows) : nil
        self.sampler = sampler
        floor = parameters.minRecall.map { RecallFloor(minimum: $0, sampler: sampler ?? RecallSampler()) }
        report = SparsityReport(
            method: method.specification, layers: model.layerCount, heads: model.configuration.attentionHeads,
            drawsMasks: parameters.drawsMasks)
    }

    /// What was chosen and kept, with the times; waits for the device.
    var finishedReport: SparsityReport {
        var report = report
        for (layer, times) in timer.layerTimes {
            report.setSeconds(layer: layer, estimate: times.estimate, attend: times.attend)
        }
        return report
    }

    /// Attention of the rows at `positions` over all keys up to each, in a prompt of `promptTokens`.
    ///
    /// `queries` and `output` are `[positions.count, heads * headDim]` and may be the same tensor. Only the rows of
    /// `output` at `needed`, the last of `positions`, are certain to be written; the method chooses as if for all rows
    /// where the choice for the last ones depends on others.
    func attend(
        layer: Int, positions: Range<Int>, needed: Range<Int>, promptTokens: Int, queries: Tensor,
        cache: KVLayer, into output: Tensor
    ) throws {
        guard !needed.isEmpty || observer != nil else { return }
        let window = model.configuration.window(layer: layer)
        let isAlone =
            positions.upperBound == promptTokens && observer == nil
            && (window.map { $0 < positions.upperBound } == true
                || needed.count <= method.denseLastRows(layer: layer))
        guard !isAlone || needed == positions else {
            let rows = positions.count - needed.count..<positions.count
            return try attend(
                layer: layer, positions: needed, needed: needed, promptTokens: promptTokens,
                queries: queries.rows(rows), cache: cache, into: output.rows(rows))
        }
        let shape = model.attentionShape(queryStart: positions.lowerBound, queryCount: positions.count)
        if let window, window < shape.keyCount {
            return try attend(
                layer: layer, window: window, shape: shape, queries: queries, cache: cache, into: output)
        }
        let probe = model.backend.makeProbe(
            queries: queries, cache: cache, shape: shape, scale: model.attentionScale)
        try observer?(
            AttentionCallView(
                layer: layer, shape: shape, scale: model.attentionScale, queries: queries, cache: cache,
                backend: model.backend, probe: probe))
        guard !needed.isEmpty else { return }
        var selections = try timer.measure(\.estimate, layer: layer) {
            let selections = try method.select(layer: layer, probe: probe)
            guard positions.upperBound < promptTokens else { return selections }
            // Last rows are the prompt's: those of a run that others follow are like all others.
            return selections.map { $0.withoutDenseTail(shape: shape, geometry: probe.geometry) }
        }
        let part = selections.lastRows(needed.count, of: shape, geometry: probe.geometry)
        let rows = shape.queryCount - part.queryCount..<shape.queryCount
        var recalls: [RecallSample]?
        if var floor {
            floor.sampler.range = rows
            let outcome = try timer.measure(\.estimate, layer: layer) {
                try floor.enforce(on: selections, probe: probe, rules: method.rules)
            }
            (selections, recalls) = (outcome.selections, outcome.recalls)
        } else if var sampler {
            sampler.range = rows
            recalls = try timer.measure(\.other) {
                try sampler.recalls(heads: Array(selections.indices), selections: selections, probe: probe)
            }
        }
        selections = selections.map { $0.last(part, of: shape, geometry: probe.geometry) }
        try timer.measure(\.attend, layer: layer) {
            try attend(
                selections, shape: part,
                skipBelow: method.skipThreshold(layer: layer, keyCount: shape.keyCount),
                queries: queries.rows(rows), cache: cache, into: output.rows(rows))
        }
        report.record(
            layer: layer, selections: selections, recalls: recalls, shape: part, geometry: probe.geometry)
    }

    /// A layer with a sliding window attends all of it, exactly; no method has a say.
    private func attend(
        layer: Int, window: Int, shape: AttentionShape, queries: Tensor, cache: KVLayer, into output: Tensor
    ) throws {
        let selections = HeadSelection.window(
            window, shape: shape, geometry: model.backend.attentionGeometry)
        try timer.measure(\.attend, layer: layer) {
            try attend(
                selections, shape: shape, skipBelow: nil, queries: queries, cache: cache, into: output)
        }
        report.record(
            layer: layer, selections: selections, recalls: nil, shape: shape,
            geometry: model.backend.attentionGeometry)
    }

    /// One call, or two where the last rows are dense.
    private func attend(
        _ selections: [HeadSelection], shape: AttentionShape, skipBelow: Float?, queries: Tensor,
        cache: KVLayer, into output: Tensor
    ) throws {
        let tail = selections.map(\.denseTailRows).max() ?? 0
        let parts = shape.split(tailRows: tail)
        func attend(_ part: AttentionShape, _ indexes: [AttentionIndex]) throws {
            guard part.queryCount > 0 else { return }
            let start = part.queryStart - shape.queryStart
            let rows = start..<start + part.queryCount
            try model.backend.attend(
                queries: queries.rows(rows), cache: cache, shape: part, indexes: indexes,
                scale: model.attentionScale, skipBelow: skipBelow, into: output.rows(rows))
        }
        try attend(parts.front, selections.map { $0.index.first(parts.front, of: shape) })
        try attend(parts.tail, selections.map { _ in .dense })
    }
}
