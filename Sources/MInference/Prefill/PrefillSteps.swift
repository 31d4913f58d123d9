import Compute
import Models

/// A prefill that stops between steps: one layer of one chunk each, so that other work can come between.
final class PrefillSteps {
    private let pass: Prefill
    private let tokens: [Int32]
    private let output: Prefill.Output
    private let hidden: Tensor
    private let queries: Tensor
    private let workspace: DecoderWorkspace
    private let meter: ProgressMeter
    /// The chunk at work; nil between chunks.
    private var chunk: Range<Int>?
    private var layer = 0
    /// The logits of the last row, once it is through.
    private(set) var logits: [Float] = []

    /// The way of those of `tokens` that `pass.cache` does not hold yet.
    ///
    /// - Parameters:
    ///   - tokens: the whole prompt; its beginning is what the cache holds.
    ///   - workspace: room for slices of `pass.sliceRows` rows, which other prefills may use between the steps of this
    ///     one; nil for one of its own.
    init(_ pass: Prefill, tokens: [Int32], output: Prefill.Output, workspace: DecoderWorkspace? = nil) throws
    {
        let start = pass.cache.tokens.count
        precondition(start < tokens.count, "a prefill has at least one token")
        self.pass = pass
        self.tokens = tokens
        self.output = output
        let model = pass.model
        let largest = pass.parameters.chunks(in: start..<tokens.count).map(\.count).max() ?? 0
        let configuration = model.configuration
        hidden = try model.backend.makeTensor(
            shape: [largest, configuration.hiddenSize], dtype: .float32)
        queries = try model.backend.makeTensor(
            shape: [largest, configuration.attentionHeads * configuration.headDimensions], dtype: model.dtype)
        self.workspace =
            try workspace ?? DecoderWorkspace(model: model, rowCount: min(largest, pass.sliceRows))
        meter = ProgressMeter(
            tokens: tokens.count - start, layers: model.layerCount, report: pass.parameters.progress)
    }

    /// Whether the whole prompt is through.
    var isFinished: Bool { chunk == nil && pass.cache.tokens.count == tokens.count }

    /// Whether a chunk has begun and not ended: until it has, nothing else may change the cache.
    var isInsideChunk: Bool { chunk != nil }

    /// The prompt's tokens that are through, those of an unfinished chunk by the share of its layers.
    var processedTokens: Int {
        pass.cache.tokens.count + (chunk?.count ?? 0) * layer / pass.model.layerCount
    }

    /// Does the next step: the next layer of the chunk at work, or the first layer of the next chunk.
    ///
    /// After an error the prefill cannot go on; the cache holds the tokens of finished chunks.
    func advance() throws {
        let model = pass.model
        let chunk = try chunk ?? begin()
        let rows = hidden.rows(0..<chunk.count)
        try pass.run(
            layer: layer, range: chunk, promptTokens: tokens.count,
            finishing: pass.neededRows(of: chunk, layer: layer, end: tokens.count, output: output),
            hidden: rows, queries: queries.rows(0..<chunk.count), workspace: workspace)
        meter.advance(by: chunk.count)
        layer += 1
        guard layer == model.layerCount else { return }
        pass.cache.append(tokens[chunk])
        logits =
            try pass.finish(
                chunk: chunk, isLast: chunk.upperBound == tokens.count, hidden: rows, workspace, output)
            ?? logits
        self.chunk = nil
    }

    /// Starts the chunk after what the cache holds, which may have grown by restored pieces.
    private func begin() throws -> Range<Int> {
        let range = pass.parameters.chunks(in: pass.cache.tokens.count..<tokens.count)[0]
        try pass.model.embed(Array(tokens[range]), into: hidden.rows(0..<range.count), timer: pass.timer)
        chunk = range
        layer = 0
        return range
    }
}
