import Checkpoints
import Compute

extension DecoderModel {
    /// The residual stream at the start: one fp32 row per token into `hidden` `[tokens, hidden]`.
    package func embed(_ tokens: [Int32], into hidden: Tensor, timer: PhaseTimer) throws {
        try timer.measure(\.other) {
            try backend.embed(tokens, table: embedding, into: hidden)
            if configuration.embeddingScale != 1 {
                try backend.scale(hidden, by: configuration.embeddingScale)
            }
        }
    }

    /// Norm, projection and rotation of a slice: keys and values go to `cache`, rotated queries to `queries`.
    ///
    /// `hidden` is fp32 `[rows, hidden]`, its first row at position `start`; `queries` is `[rows, heads * headDim]` in
    /// the compute type. `rotary` is that of the sequence's length; layers with a rotation of their own know it.
    package func project(
        layer: Int, hidden: Tensor, start: Int, rotary: RotaryTable, queries: Tensor, cache: KVLayer,
        workspace: DecoderWorkspace, timer: PhaseTimer
    ) throws {
        let rows = SequenceRows(count: hidden.shape[0], start: start, rotary: rotary, cache: cache)
        try project(
            layer: layer, hidden: hidden, sequences: [rows], queries: queries, workspace: workspace,
            timer: timer)
    }

    /// `project` of rows of several sequences, one after the other in `hidden` and `queries`: one matrix product for all.
    package func project(
        layer: Int, hidden: Tensor, sequences: [SequenceRows], queries: Tensor, workspace: DecoderWorkspace,
        timer: PhaseTimer
    ) throws {
        let weights = layers[layer]
        let rows = hidden.shape[0]
        let window = configuration.window(layer: layer)
        let longest = sequences.map { $0.start + $0.count }.max() ?? 0
        if let window, longest > window, !backend.features.contains(.slidingWindow) {
            throw ComputeError.unsupported(
                "\(backend.device) has no kernels for sequences beyond a sliding window of \(window) tokens; "
                    + "use --device cpu")
        }
        let chunks = configuration.dualChunks
        if let chunks, longest > chunks.plainTokens, !backend.features.contains(.dualChunks) {
            throw ComputeError.unsupported(
                "\(backend.device) has no kernels for sequences of more than \(chunks.plainTokens) tokens with "
                    + "dual-chunk attention; use --device cpu")
        }
        let normed = workspace.normed(rows: rows)
        let qkv = workspace.wide(rows: rows, width: queryKeyValueWidth)
        try timer.measure(\.other) { try norm(hidden, weights.inputNorm, into: normed) }
        try timer.measure(\.linear) {
            try backend.linear(normed, weights.queryKeyValue, into: qkv, accumulating: false)
        }
        try timer.measure(\.other) {
            if let norms = weights.headNorms {
                let (heads, kvHeads) = (configuration.attentionHeads, configuration.kvHeads)
                let epsilon = configuration.rmsNormEps
                try backend.normalizeHeads(qkv, heads: 0..<heads, weight: norms.query, epsilon: epsilon)
                try backend.normalizeHeads(
                    qkv, heads: heads..<heads + kvHeads, weight: norms.key, epsilon: epsilon)
            }
            var first = 0
            for sequence in sequences {
                let range = first..<first + sequence.count
                let length = sequence.start + sequence.count
                let rotary = localRotaryTable(layer: layer, length: length) ?? sequence.rotary
                try backend.rotateAndStore(
                    qkv: qkv.rows(range), start: sequence.start, table: rotary, queries: queries.rows(range),
                    cache: sequence.cache)
                sequence.cache.rotary = rotary
                sequence.cache.traits = AttentionTraits(
                    softCap: configuration.attentionSoftCap, window: window, dualChunks: chunks)
                first = range.upperBound
            }
        }
    }

    /// What follows attention, for a slice: output projection and MLP, each added to `hidden`.
    ///
    /// `attention` is `[rows, heads * headDim]` in the compute type.
    package func finish(
        layer: Int, attention: Tensor, hidden: Tensor, workspace: DecoderWorkspace, timer: PhaseTimer
    ) throws {
        let weights = layers[layer]
        let rows = hidden.shape[0]
        try addNormed(weights.outputNorm, to: hidden, workspace: workspace, timer: timer) { output, adds in
            try timer.measure(\.linear) {
                try backend.linear(attention, weights.output, into: output, accumulating: adds)
            }
        }
        let normed = workspace.normed(rows: rows)
        try timer.measure(\.other) { try norm(hidden, weights.mlpNorm, into: normed) }
        guard let router = weights.router, let experts = configuration.experts(layer: layer) else {
            return try addNormed(
                weights.mlpOutputNorm, to: hidden, workspace: workspace, timer: timer
            ) { output, adds in
                try run(
                    weights.mlps[0], normed, into: output, accumulating: adds, workspace: workspace,
                    timer: timer)
            }
        }
        let routing = try route(normed, router: router, experts: experts, workspace: workspace, timer: timer)
        try runExperts(
            weights.mlps, routing: routing, normed: normed, into: hidden, workspace: workspace, timer: timer)
    }

    /// A gated MLP of `normed`, to `output` or added to it.
    func run(
        _ mlp: GatedMLP, _ normed: Tensor, into output: Tensor, accumulating: Bool,
        workspace: DecoderWorkspace, timer: PhaseTimer
    ) throws {
        let (rows, width) = (normed.shape[0], mlp.down.inputCount)
        let gateUp = workspace.wide(rows: rows, width: 2 * width)
        let gated = workspace.gated(rows: rows, width: width)
        try timer.measure(\.linear) {
            try backend.linear(normed, mlp.gateUp, into: gateUp, accumulating: false)
        }
        try timer.measure(\.other) {
            switch configuration.activation {
            case .silu: try backend.siluGate(gateUp, into: gated)
            case .geluTanh: try backend.geluGate(gateUp, into: gated)
            }
        }
        try timer.measure(\.linear) {
            try backend.linear(gated, mlp.down, into: output, accumulating: accumulating)
        }
    }

    /// Adds what `body` computes to `hidden`: directly, or through a norm where the family has one.
    private func addNormed(
        _ weight: Tensor?, to hidden: Tensor, workspace: DecoderWorkspace, timer: PhaseTimer,
        _ body: (_ output: Tensor, _ accumulating: Bool) throws -> Void
    ) throws {
        guard let weight else { return try body(hidden, true) }
        let output = workspace.narrow(rows: hidden.shape[0])
        try body(output, false)
        try timer.measure(\.other) {
            try norm(output, weight, into: output)
            try backend.add(output, to: hidden)
        }
    }

    func norm(_ x: Tensor, _ weight: Tensor, into output: Tensor) throws {
        try backend.rmsNorm(x, weight: weight, epsilon: configuration.rmsNormEps, into: output)
    }

    /// The vocabulary's logits, fp32 `[rows, vocabulary]` row-major, of a few rows of the finished residual stream.
    package func logits(hidden: Tensor, workspace: DecoderWorkspace, timer: PhaseTimer) throws -> [Float] {
        try backend.read(deviceLogits(hidden: hidden, workspace: workspace, timer: timer))
    }

    /// The same logits where the device computed them.
    package func deviceLogits(
        hidden: Tensor, workspace: DecoderWorkspace, timer: PhaseTimer
    ) throws -> Tensor {
        let rows = hidden.shape[0]
        let normed = workspace.normed(rows: rows)
        let output = try backend.makeTensor(shape: [rows, configuration.vocabularySize], dtype: .float32)
        try timer.measure(\.other) { try norm(hidden, finalNorm, into: normed) }
        try timer.measure(\.linear) { try backend.linear(normed, head, into: output, accumulating: false) }
        if let cap = configuration.logitSoftCap {
            try timer.measure(\.other) { try backend.softCap(output, at: cap) }
        }
        return output
    }
}
