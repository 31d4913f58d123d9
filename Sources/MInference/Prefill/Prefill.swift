import Checkpoints
import Compute
import Models
import SparseAttention

/// One run of a prompt's tokens through the model, filling a cache.
///
/// Both orders run the same code per layer and range of positions: project in slices, attend run by run, finish in
/// slices. Slices lie on a fixed grid of positions, so that a row goes through the same matrix products whatever the
/// order and wherever the prompt was cut on that grid before: keys and values come out equal to the bit.
struct Prefill {
    /// Tokens of a chunk in chunk-major order when nothing else fixes it.
    static let defaultStep = 16384

    let model: LlamaModel
    let cache: KVCache
    let rotary: RotaryTable
    let parameters: PrefillParameters
    /// Rows that go through projections and MLP at a time, which bounds the widest intermediate result.
    let sliceRows: Int
    let attention: PrefillAttention
    let timer: PhaseTimer

    /// What to do with finished rows of the residual stream.
    enum Output {
        /// Returns the logits of the last row; no other row goes through the last MLP and the head.
        case lastLogits
        /// Hands out every row's logits in slices, `[rows, vocabulary]`, with the position of the first row.
        case allLogits((_ logits: [Float], _ start: Int) throws -> Void)
        /// Hands out the finished residual stream of each chunk, fp32 `[rows, hidden]`, without logits.
        case hidden((Tensor) throws -> Void)
    }

    /// Runs `tokens` at the positions after what `cache` holds, and adds them to it.
    ///
    /// Returns the last row's logits. On an error, or when cancelled, the cache holds the tokens of finished chunks.
    func run(_ tokens: [Int32], output: Output = .lastLogits) throws -> [Float] {
        precondition(!tokens.isEmpty, "a prefill has at least one token")
        let start = cache.tokens.count
        let end = start + tokens.count
        let chunks = parameters.chunks(in: start..<end)
        let largest = chunks.map(\.count).max() ?? 0
        let configuration = model.configuration
        let hidden = try model.backend.makeTensor(
            shape: [largest, configuration.hiddenSize], dtype: .float32)
        let queries = try model.backend.makeTensor(
            shape: [largest, configuration.attentionHeads * configuration.headDimensions], dtype: model.dtype)
        let workspace = try LlamaWorkspace(model: model, rowCount: min(largest, sliceRows))
        let meter = ProgressMeter(tokens: tokens.count, layers: model.layerCount, report: parameters.progress)
        var logits: [Float] = []
        for chunk in chunks {
            let chunkTokens = Array(tokens[chunk.lowerBound - start..<chunk.upperBound - start])
            let rows = hidden.rows(0..<chunk.count)
            try model.embed(chunkTokens, into: rows, timer: timer)
            for layer in 0..<model.layerCount {
                let needed = neededRows(of: chunk, layer: layer, end: end, output: output)
                try run(
                    layer: layer, range: chunk, finishing: needed, hidden: rows,
                    queries: queries.rows(0..<chunk.count),
                    workspace: workspace)
                meter.advance(by: chunk.count)
            }
            cache.append(chunkTokens)
            logits =
                try finish(chunk: chunk, isLast: chunk.upperBound == end, hidden: rows, workspace, output)
                ?? logits
        }
        return logits
    }

    /// The positions whose residual stream is needed after `layer`.
    private func neededRows(of chunk: Range<Int>, layer: Int, end: Int, output: Output) -> Range<Int> {
        guard layer == model.layerCount - 1, case .lastLogits = output else { return chunk }
        return max(chunk.lowerBound, chunk.upperBound == end ? end - 1 : chunk.upperBound)..<chunk.upperBound
    }

    /// One layer over one range of positions; `hidden` and `queries` have a row per position.
    private func run(
        layer: Int, range: Range<Int>, finishing needed: Range<Int>, hidden: Tensor, queries: Tensor,
        workspace: LlamaWorkspace
    ) throws {
        let keys = try cache.beginPrefill(layer: layer, promptTokens: range.upperBound)
        func rows(_ positions: Range<Int>, of tensor: Tensor) -> Tensor {
            tensor.rows(positions.lowerBound - range.lowerBound..<positions.upperBound - range.lowerBound)
        }
        for slice in range.split(onGrid: sliceRows) {
            try checkCancellation()
            try model.project(
                layer: layer, hidden: rows(slice, of: hidden), start: slice.lowerBound, rotary: rotary,
                queries: rows(slice, of: queries), cache: keys, workspace: workspace, timer: timer)
        }
        for run in parameters.estimation.ranges(of: range) {
            try checkCancellation()
            // The output takes the queries' place: nothing needs them any more.
            try attention.attend(
                layer: layer, positions: run, queries: rows(run, of: queries), cache: keys,
                into: rows(run, of: queries))
        }
        try timer.measure(\.other) { try cache.endPrefill(layer: layer, promptTokens: range.upperBound) }
        for slice in needed.split(onGrid: sliceRows) {
            try checkCancellation()
            try model.finish(
                layer: layer, attention: rows(slice, of: queries), hidden: rows(slice, of: hidden),
                workspace: workspace, timer: timer)
        }
    }

    private func finish(
        chunk: Range<Int>, isLast: Bool, hidden: Tensor, _ workspace: LlamaWorkspace, _ output: Output
    ) throws -> [Float]? {
        switch output {
        case .lastLogits:
            guard isLast else { return nil }
            return try model.logits(
                hidden: hidden.rows(chunk.count - 1..<chunk.count), workspace: workspace, timer: timer)
        case .hidden(let body):
            try body(hidden.rows(0..<chunk.count))
            return nil
        case .allLogits(let body):
            var last: [Float]?
            // Slices of the vocabulary's width, not the MLP's: 256 rows of 128K logits are 128 MB.
            for slice in chunk.split(onGrid: 256) {
                let rows = slice.lowerBound - chunk.lowerBound..<slice.upperBound - chunk.lowerBound
                let logits = try model.logits(hidden: hidden.rows(rows), workspace: workspace, timer: timer)
                try body(logits, slice.lowerBound)
                last = Array(logits.suffix(model.configuration.vocabularySize))
            }
            return last
        }
    }

    private func checkCancellation() throws {
        if model.backend.cancellation?.isCancelled == true { throw ComputeError.cancelled }
    }
}
