import Checkpoints
import Compute

extension LlamaModel {
    /// The residual stream at the start: one fp32 row per token into `hidden` `[tokens, hidden]`.
    package func embed(_ tokens: [Int32], into hidden: Tensor, timer: PhaseTimer) throws {
        try timer.measure(\.other) { try backend.embed(tokens, table: embedding, into: hidden) }
    }

    /// Norm, projection and rotation of a slice: keys and values go to `cache`, rotated queries to `queries`.
    ///
    /// `hidden` is fp32 `[rows, hidden]`, its first row at position `start`; `queries` is `[rows, heads * headDim]` in
    /// the compute type.
    package func project(
        layer: Int, hidden: Tensor, start: Int, rotary: RotaryTable, queries: Tensor, cache: KVLayer,
        workspace: LlamaWorkspace, timer: PhaseTimer
    ) throws {
        let weights = layers[layer]
        let rows = hidden.shape[0]
        let normed = workspace.normed(rows: rows)
        let qkv = workspace.wide(rows: rows, width: queryKeyValueWidth)
        try timer.measure(\.other) {
            try backend.rmsNorm(
                hidden, weight: weights.inputNorm, epsilon: configuration.rmsNormEps, into: normed)
        }
        try timer.measure(\.linear) {
            try backend.linear(normed, weights.queryKeyValue, into: qkv, accumulating: false)
        }
        try timer.measure(\.other) {
            try backend.rotateAndStore(qkv: qkv, start: start, table: rotary, queries: queries, cache: cache)
            cache.rotary = rotary
        }
    }

    /// What follows attention, for a slice: output projection and MLP, each added to `hidden`.
    ///
    /// `attention` is `[rows, heads * headDim]` in the compute type.
    package func finish(
        layer: Int, attention: Tensor, hidden: Tensor, workspace: LlamaWorkspace, timer: PhaseTimer
    ) throws {
        let weights = layers[layer]
        let rows = hidden.shape[0]
        let normed = workspace.normed(rows: rows)
        let gateUp = workspace.wide(rows: rows, width: 2 * configuration.intermediateSize)
        let gated = workspace.gated(rows: rows)
        try timer.measure(\.linear) {
            try backend.linear(attention, weights.output, into: hidden, accumulating: true)
        }
        try timer.measure(\.other) {
            try backend.rmsNorm(
                hidden, weight: weights.postAttentionNorm, epsilon: configuration.rmsNormEps, into: normed)
        }
        try timer.measure(\.linear) {
            try backend.linear(normed, weights.gateUp, into: gateUp, accumulating: false)
        }
        try timer.measure(\.other) { try backend.siluGate(gateUp, into: gated) }
        try timer.measure(\.linear) {
            try backend.linear(gated, weights.down, into: hidden, accumulating: true)
        }
    }

    /// The vocabulary's logits, fp32 `[rows, vocabulary]` row-major, of a few rows of the finished residual stream.
    package func logits(hidden: Tensor, workspace: LlamaWorkspace, timer: PhaseTimer) throws -> [Float] {
        try backend.read(deviceLogits(hidden: hidden, workspace: workspace, timer: timer))
    }

    /// The same logits where the device computed them.
    package func deviceLogits(
        hidden: Tensor, workspace: LlamaWorkspace, timer: PhaseTimer
    ) throws -> Tensor {
        let rows = hidden.shape[0]
        let normed = workspace.normed(rows: rows)
        let output = try backend.makeTensor(shape: [rows, configuration.vocabularySize], dtype: .float32)
        try timer.measure(\.other) {
            try backend.rmsNorm(
                hidden, weight: finalNorm, epsilon: configuration.rmsNormEps, into: normed)
        }
        try timer.measure(\.linear) { try backend.linear(normed, head, into: output, accumulating: false) }
        return output
    }
}
