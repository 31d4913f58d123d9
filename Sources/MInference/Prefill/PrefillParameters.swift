import SparseAttention

/// How a prompt is processed.
public struct PrefillParameters: Sendable {
    /// Chooses the keys that each head attends; `AttentionMethods.standard` unless changed.
    public var attention: any AttentionMethod
    /// The least share of exact attention mass that every head keeps, in `[0, 1]`; heads below it get a wider index or
    /// dense attention. Nil does not check.
    public var minRecall: Double?
    /// Over which rows indexes are estimated.
    public var estimation: Estimation
    /// How chunks and layers are walked.
    public var order: PrefillOrder
    /// Tokens of a chunk in chunk-major order; nil for the estimation's chunk, or 16384.
    public var stepSize: Int?
    /// Exact rows per head, spread over each run of rows, that recall is measured on; 0 measures nothing.
    public var recallRows: Int
    /// Whether the report has a small picture of what each head computed.
    public var drawsMasks: Bool
    /// How keys and values are kept for decoding.
    public var kvPrecision: KVPrecision
    /// Told after every layer of every chunk how far the prompt is, on the engine's thread.
    public var progress: (@Sendable (PrefillProgress) -> Void)?
    /// Shown every attention call before it is computed, on the engine's thread: for analysis and the search.
    package var observer: (@Sendable (AttentionCallView) throws -> Void)?

    /// Parameters; everything has a default.
    public init(
        attention: any AttentionMethod = AttentionMethods.standard, minRecall: Double? = nil,
        estimation: Estimation = .prompt, order: PrefillOrder = .automatic, stepSize: Int? = nil,
        recallRows: Int = 8, drawsMasks: Bool = false, kvPrecision: KVPrecision = .automatic,
        progress: (@Sendable (PrefillProgress) -> Void)? = nil
    ) {
        self.attention = attention
        self.minRecall = minRecall
        self.estimation = estimation
        self.order = order
        self.stepSize = stepSize
        self.recallRows = recallRows
        self.drawsMasks = drawsMasks
        self.kvPrecision = kvPrecision
        self.progress = progress
    }

    /// Throws when values are outside their range or exclude each other.
    package func validate() throws(GenerateError) {
        if let minRecall, !(minRecall >= 0 && minRecall <= 1) {
            throw .invalidParameter(name: "minRecall", value: "\(minRecall)", expected: "between 0 and 1")
        }
        if recallRows < 0 {
            throw .invalidParameter(name: "recallRows", value: "\(recallRows)", expected: "at least 0")
        }
        if let stepSize, stepSize < 1 {
            throw .invalidParameter(name: "stepSize", value: "\(stepSize)", expected: "at least 1")
        }
        guard order == .chunkMajor else { return }
        guard let chunk = estimation.chunkSize else {
            guard attention is DenseMethod else {
                throw .invalidParameter(
                    name: "order", value: "chunk-major with an estimate of the whole prompt",
                    expected: "estimation in chunks, dense attention, or layer-major order")
            }
            return
        }
        if let stepSize, stepSize % chunk != 0 {
            throw .invalidParameter(
                name: "stepSize", value: "\(stepSize)",
                expected: "a multiple of the estimation's chunk of \(chunk)")
        }
    }

    /// The runs of positions that go through all layers together, to the end of a prompt.
    func chunks(in positions: Range<Int>) -> [Range<Int>] {
        guard order == .chunkMajor else { return [positions] }
        let end = positions.upperBound
        let steps = positions.split(onGrid: stepSize ?? estimation.chunkSize ?? Prefill.defaultStep)
        guard estimation.tailSize != nil else { return steps }
        // In steps of several chunks only what the prompt ends with has cuts of its own.
        return steps.flatMap { step in
            step.upperBound + (estimation.chunkSize ?? 0) < end
                ? [step] : estimation.ranges(of: step, promptTokens: end)
        }
    }
}
