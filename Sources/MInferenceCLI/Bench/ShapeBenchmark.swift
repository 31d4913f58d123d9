import Checkpoints
import Compute
import MInference
import Models
import SparseAttention

/// Times a prompt and an answer on a model of a given shape with random weights.
struct ShapeBenchmark {
    /// How the prompt attends.
    enum Attention: Equatable {
        /// Every key.
        case dense
        /// The reference's mix of budgets with synthetic indexes, its estimator running beside.
        case minference
        /// The first 64 keys and 1024 distances: fills a cache quickly where only decoding is measured.
        case window
    }

    let backend: any Backend
    let configuration: DecoderConfiguration
    let dtype: DType
    let tokens: Int
    let generated: Int
    let attention: Attention
    let kvPrecision: KVPrecision

    /// What a run took.
    struct Measurement {
        var outcome: GenerationOutcome
        /// Multiply-adds of attention times two, over the pairs computed and over the tiles that boxes need.
        var pairOperations: Double
        var tileOperations: Double
        /// Multiply-adds of the layers' matrix products times two.
        var linearOperations: Double
        var weightBytes: Int
        var kvBytes: Int
        var peakMemoryBytes: Int

        /// Seconds of one token after the first; nil when none was decoded.
        var secondsPerToken: Double? {
            let steps = outcome.tokens.count - 1
            return steps > 0 ? outcome.decodeSeconds / Double(steps) : nil
        }
        /// Bytes of weights, keys and values over that time.
        var decodeBytesPerSecond: Double? { secondsPerToken.map { Double(weightBytes + kvBytes) / $0 } }
    }

    /// Where heads differ, their patterns.
    var patterns: HeadPatterns {
        ReferenceBudgets.patterns(layers: configuration.hiddenLayers, heads: configuration.attentionHeads)
    }

    /// Makes the model, reads the prompt once to warm up when `warmsUp`, and once with a clock.
    func run(warmsUp: Bool, progress: @escaping @Sendable (String) -> Void) throws -> Measurement {
        let footprint = ModelFootprint(configuration, dtype: dtype)
        // Refuses before weights are made: a minute of work that could only end in a lack of memory.
        let plan = try planner(footprint).plan()
        progress("random weights, \(plan.text)")
        let model = try DecoderModel.random(configuration, backend: backend, dtype: dtype, seed: 1)
        let core = EngineCore(model: model)
        let shape = model.attentionShape(queryStart: 0, queryCount: tokens)
        let method = method(shape: shape)
        if warmsUp {
            progress("compiling and warming up")
            let count = min(tokens, 1024)
            _ = try core.generate(
                request(
                    tokens: count, generated: 2,
                    // So that the estimator is warm too.
                    attention: self.method(
                        shape: model.attentionShape(queryStart: 0, queryCount: count), hasCrossover: false)))
        }
        progress("\(tokens) tokens")
        let outcome = try core.generate(request(tokens: tokens, generated: generated, attention: method))
        let indexes = (method as? SyntheticIndexMethod)?.indexes ?? sameIndex(heads: shape.heads)
        // Of the last layer only the last rows are attended, which is nothing beside the others.
        let attended = indexes.dropLast(shape.heads)
        let perPair = 4.0 * Double(shape.headDimension)
        return Measurement(
            outcome: outcome,
            pairOperations: perPair
                * attended.reduce(0) {
                    $0 + Double($1.computedPairs(shape: shape, geometry: backend.attentionGeometry))
                },
            tileOperations: perPair * attended.reduce(0) { $0 + Double($1.tilePairs(shape: shape)) },
            linearOperations: linearOperations, weightBytes: footprint.weights,
            kvBytes: keysAndValues(footprint, plan: outcome.memoryPlan ?? plan),
            peakMemoryBytes: backend.peakMemoryBytes ?? PeakMemory.bytes)
    }

    private func planner(_ footprint: ModelFootprint) throws -> MemoryPlanner {
        MemoryPlanner(
            footprint: footprint, layers: configuration.hiddenLayers, promptTokens: tokens,
            answerTokens: generated, chunkRows: tokens, preferredSliceRows: backend.preferredSliceRows,
            budget: try backend.availableMemory(),
            canCompress: backend.compressedKVFormats.contains(kvPrecision.format), precision: kvPrecision)
    }

    private func method(shape: AttentionShape, hasCrossover: Bool = true) -> any AttentionMethod {
        switch attention {
        case .dense: DenseMethod()
        case .window: AShapeMethod(sinks: 64, local: 1024)
        case .minference:
            SyntheticIndexMethod(
                patterns: patterns, shape: shape, geometry: backend.attentionGeometry, seed: 7,
                hasCrossover: hasCrossover)
        }
    }

    private func sameIndex(heads: Int) -> [AttentionIndex] {
        let index: AttentionIndex = attention == .dense ? .dense : .slashes(.aShape(sinks: 64, local: 1024))
        return [AttentionIndex](repeating: index, count: configuration.hiddenLayers * heads)
    }

    private func request(
        tokens: Int, generated: Int, attention: any AttentionMethod
    ) -> GenerationRequest {
        var random = SplitMix64(seed: 3)
        let prompt = (0..<tokens).map { _ in
            Int32(random.next() % UInt64(configuration.vocabularySize))
        }
        return GenerationRequest(
            prompt: prompt, maxTokens: max(generated, 1),
            prefill: PrefillParameters(attention: attention, recallRows: 0, kvPrecision: kvPrecision),
            allowBeyondTrainedLength: true)
    }

    /// All products of a prompt's tokens with the layers' matrices; the last layer's MLP and the head see one row.
    private var linearOperations: Double {
        let (hidden, inner) = (configuration.hiddenSize, configuration.intermediateSize)
        let queries = configuration.attentionHeads * configuration.headDimensions
        let keys = configuration.kvHeads * configuration.headDimensions
        let projections = Double(hidden * (queries + 2 * keys))
        let rest = Double(hidden * (queries + 3 * inner))
        let layers = Double(configuration.hiddenLayers)
        return 2 * Double(tokens) * (layers * projections + (layers - 1) * rest)
    }

    private func keysAndValues(_ footprint: ModelFootprint, plan: MemoryPlan) -> Int {
        guard plan.compressesKV else {
            return configuration.hiddenLayers * footprint.keysAndValues(tokens: tokens)
        }
        let compressed = footprint.compressedKeysAndValues(tokens: tokens)
        return configuration.hiddenLayers * (compressed.elements + compressed.factors)
    }
}
