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

    let model: DecoderModel
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
        let steps = try PrefillSteps(self, tokens: cache.tokens + tokens, output: output)
        while !steps.isFinished { try steps.advance() }
        return steps.logits
    }

    /// The positions whose residual stream is needed after `layer`.
    func neededRows(of chunk: Range<Int>, layer: Int, end: Int, output: Output) -> Range<Int> {
        guard layer == model.layerCount - 1, case .lastLogits = output else { return chunk }
        return max(chunk.lowerBound, chunk.upperBound == end ? end - 1 : chunk.upperBound)..<chunk.upperBound
    }

    /// One layer over one range of positions in a prompt of `promptTokens`; `hidden` and `queries` have a row per
    /// position.
    func run(
        layer: Int, range: Range<Int>, promptTokens: Int, finishing needed: Range<Int>, hidden: Tensor,
        queries: Tensor,
        workspace: DecoderWorkspace
    ) throws {
        let keys = try cache.beginPrefill(layer: layer, promptTokens: range.upperBound)
        func rows(_ positions: Range<Int>, of tensor: Tensor) -> Tensor {
            tensor.rows(positions.lowerBound - range.lowerBound..<positions.upperBound - range.lowerBound)
        }
        let runs = parameters.estimation.ranges(of: range, promptTokens: promptTokens)
        for slice in runs.flatMap({ $0.split(onGrid: sliceRows) }) {
            try checkCancellation()
            try model.project(
                layer: layer, hidden: rows(slice, of: hidden), start: slice.lowerBound, rotary: rotary,
                queries: rows(slice, of: queries), cache: keys, workspace: workspace, timer: timer)
        }
        for run in runs {
            try checkCancellation()
            // The output takes the queries' place: nothing needs them any more.
            try attention.attend(
                layer: layer, positions: run, needed: run.clamped(to: needed), promptTokens: promptTokens,
                queries: rows(run, of: queries), cache: keys, into: rows(run, of: queries))
        }
        try timer.measure(\.other) { try cache.endPrefill(layer: layer, promptTokens: range.upperBound) }
        for slice in runs.flatMap({ $0.clamped(to: needed).split(onGrid: sliceRows) }) {
            try checkCancellation()
            try model.finish(
                layer: layer, attention: rows(slice, of: queries), hidden: rows(slice, of: hidden),
                workspace: workspace, timer: timer)
        }
    }

    func finish(
        chunk: Range<Int>, isLast: Bool, hidden: Tensor, _ workspace: DecoderWorkspace, _ output: Output
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
