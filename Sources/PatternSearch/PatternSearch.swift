import Compute
import JSON
import MInference
import SparseAttention
import Synchronization

/// The offline search: for every head the pattern and the sizes that lose least within a budget, on sample prompts.
///
/// Samples go through the model densely, layer by layer; in every layer the candidates of all heads are matched by cost
/// and measured on rows over the whole prompt. Candidates are matched on the first sample; further ones measure the same
/// candidates. Source: MInference (arXiv 2407.02490), section 3.2 and algorithm 1.
public struct PatternSearch: Sendable {
    /// What is tried and what it goes by.
    public var settings: SearchSettings
    /// Where what was measured is kept until the search is done; nil keeps nothing.
    public var statePath: String?
    /// The device's rates when they are known from before; else they are measured.
    public var knownCost: KernelCost?

    /// The least tokens of a sample.
    public static let leastTokens = 1024

    /// A search.
    public init(settings: SearchSettings, statePath: String? = nil, knownCost: KernelCost? = nil) {
        self.settings = settings
        self.statePath = statePath
        self.knownCost = knownCost
    }

    /// What a search ends with.
    public struct Outcome: Sendable {
        /// `chosen[layer][head]`.
        public var chosen: [[SearchPoint]]
        /// All that was measured, means over the samples: `measured[layer][head]`.
        public var measured: [[HeadMeasurement]]
        /// The rates that costs were computed with.
        public var cost: KernelCost
        /// Mean tokens of the samples.
        public var tokens: Int
        /// With the objective `answer`, what each layer's choice alone does to the answers: nats, a number a layer.
        public var divergences: [Double]?

        /// The patterns with their figures of merit: the recall, or one minus the output's error.
        public func patterns(objective: SearchObjective, lengthRule: LengthRule? = nil) -> HeadPatterns {
            HeadPatterns(
                layers: chosen.map { heads in
                    heads.map { point in
                        let merit = 1 - point.loss(objective)
                        return HeadPatterns.Head(
                            pattern: point.pattern, score: (merit * 10000).rounded() / 10000)
                    }
                }, lengthRule: lengthRule)
        }
    }

    /// Searches on `samples`, the tokens of prompts, with `model`.
    ///
    /// `identity` is what tells this search from others in the state file. `progress` is told the share that is done.
    /// Throws `SearchError` and what generation throws; `ComputeError.cancelled` when cancelled.
    public func run(
        model: ModelContainer, samples: [[Int]], identity: JSONValue,
        cancellation: CancellationFlag = CancellationFlag(),
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        for sample in samples where sample.count < Self.leastTokens {
            throw SearchError.tooShort(tokens: sample.count, minimum: Self.leastTokens)
        }
        let log = try SearchLog(path: statePath, header: identity)
        let session = Mutex(Session(log: log, search: self))
        let layers = model.configuration.hiddenLayers
        let total = layers * samples.count
        for (number, sample) in samples.enumerated() {
            try await model.observe(sample, cancellation: cancellation) { call in
                let done = try session.withLock { try $0.observe(call, sample: number) }
                progress(done, total)
            }
        }
        let tokens = samples.reduce(0) { $0 + $1.count } / samples.count
        if settings.objective == .answer {
            for (number, sample) in samples.enumerated() {
                guard session.withLock({ $0.log.divergences.count <= number }) else { continue }
                let comparison = try await AnswerComparison(
                    prompt: sample, model: model, cancellation: cancellation)
                var found: [[Double]] = []
                for patterns in session.withLock({ $0.patternsOfLayerChoices() }) {
                    found.append(try await comparison.divergences(of: patterns))
                }
                try session.withLock { try $0.log.append(divergences: found, sample: number) }
            }
        }
        return try session.withLock { session in
            let outcome = try session.outcome(tokens: tokens)
            session.log.finish()
            return outcome
        }
    }

    /// The mean loss of `patterns`, scaled by each factor, over all heads on one prompt; one number per factor. The
    /// objective `answer` gives the divergence of the answer with all layers sparse.
    public func losses(
        model: ModelContainer, sample: [Int], patterns: HeadPatterns, factors: [Double], cost: KernelCost,
        cancellation: CancellationFlag = CancellationFlag()
    ) async throws -> [Double] {
        if settings.objective == .answer {
            let comparison = try await AnswerComparison(
                prompt: sample, model: model, cancellation: cancellation)
            return try await comparison.divergences(of: factors.map { patterns.scaled(by: $0) })
        }
        let sums = Mutex([Double](repeating: 0, count: factors.count))
        let settings = settings
        try await model.observe(sample, cancellation: cancellation) { call in
            let layer = LayerSearch(call: call, settings: settings, cost: cost)
            let heads = try layer.measure(
                patterns.layers[call.layer].map { head in factors.map { head.pattern.scaled(by: $0) } })
            sums.withLock { sums in
                for head in heads {
                    for place in sums.indices {
                        sums[place] += head.points[place].loss(settings.objective)
                    }
                }
            }
        }
        let heads = Double(patterns.layerCount * patterns.headCount)
        return sums.withLock { $0.map { $0 / heads } }
    }
}

/// The moving parts of a search.
private struct Session: Sendable {
    var log: SearchLog
    let search: PatternSearch

    /// Measures a layer unless it was before; returns how many layers of all samples are done.
    mutating func observe(_ call: AttentionCallView, sample: Int) throws -> Int {
        if log.cost == nil {
            let cost: KernelCost
            if !search.settings.needsCalibration {
                cost = .pairs
            } else {
                cost = try search.knownCost ?? KernelCalibration.measure(call)
            }
            try log.begin(cost: cost)
        }
        guard let cost = log.cost else { preconditionFailure("the rates were just set") }
        if log.measured(sample: sample, layer: call.layer) == nil {
            let layer = LayerSearch(call: call, settings: search.settings, cost: cost)
            let patterns: [[HeadPattern]]
            if let first = log.measured(sample: 0, layer: call.layer) {
                patterns = first.map { $0.points.dropLast().map(\.pattern) }
            } else {
                patterns = try layer.candidates()
                if let head = patterns.firstIndex(where: \.isEmpty) {
                    throw SearchError.budgetTooSmall(
                        layer: call.layer, head: head, budget: search.settings.budget.description,
                        space: search.settings.space.rawValue)
                }
            }
            try log.append(try layer.measure(patterns), sample: sample, layer: call.layer)
        }
        return log.measurements.dropLast().reduce(0) { $0 + $1.count } + call.layer + 1
    }

    /// The means over the samples.
    private var measured: [[HeadMeasurement]] {
        let samples = log.measurements
        return samples[0].indices.map { layer in
            samples[0][layer].indices.map { head -> HeadMeasurement in
                let same = samples.map { $0[layer][head] }
                return HeadMeasurement(
                    weight: same.reduce(0) { $0 + $1.weight } / Double(same.count),
                    points: same[0].points.indices.map { place in
                        SearchPoint.mean(of: same.map { $0.points[place] })
                    })
            }
        }
    }

    /// For every layer its choices, each as patterns of a model that is dense in all other layers.
    func patternsOfLayerChoices() -> [[HeadPatterns]] {
        let measured = measured
        let dense = measured.map { $0.map { _ in HeadPatterns.Head(pattern: .dense, score: 0) } }
        return measured.enumerated().map { layer, heads in
            LayerChoice.levels(of: heads).map { choice in
                var layers = dense
                layers[layer] = choice.heads.map { HeadPatterns.Head(pattern: $0.pattern, score: 0) }
                return HeadPatterns(layers: layers)
            }
        }
    }

    /// The choice from the means over the samples.
    func outcome(tokens: Int) throws -> PatternSearch.Outcome {
        let measured = measured
        guard let cost = log.cost else { preconditionFailure("a finished search has rates") }
        guard search.settings.objective == .answer else {
            return PatternSearch.Outcome(
                chosen: choose(measured), measured: measured, cost: cost, tokens: tokens)
        }
        let choices = measured.enumerated().map { layer, heads in
            LayerChoice.levels(of: heads).enumerated().map { place, choice in
                let found = log.divergences.map { $0[layer][place] }
                return LayerChoice(
                    heads: choice.heads, divergence: found.reduce(0, +) / Double(found.count))
            }
        }
        let dense = measured.joined().reduce(0) { $0 + $1.points[$1.points.count - 1].cost }
        let chosen = Allocation.spend(
            budgetShare(of: dense) * dense, choices: choices, weights: choices.map { _ in 1 },
            loss: \.divergence)
        return PatternSearch.Outcome(
            chosen: chosen.map(\.heads), measured: measured, cost: cost, tokens: tokens,
            divergences: chosen.map(\.divergence))
    }

    private func choose(_ measured: [[HeadMeasurement]]) -> [[SearchPoint]] {
        let settings = search.settings
        let heads = measured.flatMap { $0 }
        let points = heads.map(\.points)
        let chosen: [SearchPoint]
        switch (settings.budget, settings.allocates) {
        case (.recall(let recall), true): chosen = Allocation.reach(recall: recall, heads: points)
        case (.recall(let recall), false):
            chosen = points.map { points in
                points.filter { $0.recall >= recall }.min { $0.cost < $1.cost } ?? points[points.count - 1]
            }
        case (_, true):
            // Dense attention is every head's last point.
            let dense = points.reduce(0) { $0 + $1[$1.count - 1].cost }
            let weights: [Double] =
                settings.objective == .output ? heads.map { $0.weight.squareRoot() } : heads.map { _ in 1 }
            chosen = Allocation.spend(
                budgetShare(of: dense) * dense, choices: points, weights: weights
            ) { $0.loss(settings.objective) }
        case (_, false):
            // All candidates but dense attention meet the target; of equal losses the cheaper, then the first.
            chosen = points.map { points in
                points.dropLast().min { a, b in
                    let (left, right) = (a.loss(settings.objective), b.loss(settings.objective))
                    return left != right ? left < right : a.cost < b.cost
                } ?? points[points.count - 1]
            }
        }
        var rest = chosen[...]
        return measured.map { layer in
            defer { rest = rest.dropFirst(layer.count) }
            return Array(rest.prefix(layer.count))
        }
    }

    /// The share of dense attention that an allocation may take.
    private func budgetShare(of dense: Double) -> Double {
        switch search.settings.budget {
        case .flops(let share), .time(let share): share
        case .reference, .recall: SearchSettings.defaultShare
        }
    }
}
