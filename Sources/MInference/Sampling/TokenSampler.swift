#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Draws tokens from logits: biases, penalties, the constraint, then temperature, top-k, top-p and min-p, in Hugging Face's order.
package struct TokenSampler {
    private let settings: SamplingSettings
    private var generator: SplitMix64
    private var history: [Int32]
    /// How often each token occurs in the stretch of `history` that the repetition penalty looks at.
    private var recentCounts: [Int32: Int] = [:]
    private var generatedCounts: [Int32: Int] = [:]
    private var constraint: (any TokenConstraint)?

    /// A sampler for the continuation of `prompt`, of tokens that `constraint` allows.
    package init(
        _ settings: SamplingSettings, prompt: [Int32], constraint: (any TokenConstraint)? = nil
    ) {
        self.settings = settings
        self.constraint = constraint
        generator = SplitMix64(seed: settings.seed)
        history = prompt
        guard settings.repetitionPenalty != 1 else { return }
        for token in prompt.suffix(settings.repetitionContextSize ?? prompt.count) {
            recentCounts[token, default: 0] += 1
        }
    }

    /// Whether every token is simply the likeliest: then nothing needs to be remembered, and whoever holds the logits
    /// may take the first of the highest instead of calling `sample`.
    package var takesLikeliest: Bool {
        settings.temperature <= 0 && settings.repetitionPenalty == 1 && settings.presencePenalty == 0
            && settings.frequencyPenalty == 0 && settings.logitBias.isEmpty && constraint == nil
    }

    /// Whether the constraint's format is whole and nothing can follow: then the answer ends without an end token.
    package var isComplete: Bool { constraint?.isComplete ?? false }

    /// The next token, which is remembered for the penalties and told the constraint; nil when a logit is not a number.
    ///
    /// - Throws: what keeps the constraint from going on.
    package mutating func sample(_ logits: [Float]) throws(ConstraintError) -> Int32? {
        guard !logits.contains(where: \.isNaN) else { return nil }
        var logits = logits
        penalize(&logits)
        let allowed = try constraint?.allowedTokens()
        allowed?.forEachAbsent { if $0 < logits.count { logits[$0] = -.infinity } }
        guard let best = Self.likeliest(logits, of: allowed) else { return nil }
        let token = settings.temperature > 0 ? draw(logits, best: best) : best
        remember(Int32(token))
        constraint?.accept(Int32(token))
        return Int32(token)
    }

    /// The first of the highest logits, of the allowed ones if that is said; nil when there are none.
    private static func likeliest(_ logits: [Float], of allowed: TokenMask?) -> Int? {
        var best: Int?
        for index in logits.indices {
            if let best, logits[index] <= logits[best] { continue }
            if let allowed, !allowed[index] { continue }
            best = index
        }
        return best
    }

    // MARK: Penalties

    private mutating func remember(_ token: Int32) {
        history.append(token)
        generatedCounts[token, default: 0] += 1
        recentCounts[token, default: 0] += 1
        guard let size = settings.repetitionContextSize, history.count > size else { return }
        let leaving = history[history.count - size - 1]
        recentCounts[leaving] = recentCounts[leaving].flatMap { $0 > 1 ? $0 - 1 : nil }
    }

    private func penalize(_ logits: inout [Float]) {
        for (token, bias) in settings.logitBias where token < logits.count { logits[token] += Float(bias) }
        if settings.repetitionPenalty != 1 {
            let penalty = Float(settings.repetitionPenalty)
            for token in recentCounts.keys {
                let logit = logits[Int(token)]
                logits[Int(token)] = logit > 0 ? logit / penalty : logit * penalty
            }
        }
        if settings.presencePenalty != 0 || settings.frequencyPenalty != 0 {
            for (token, count) in generatedCounts {
                logits[Int(token)] -= Float(
                    settings.presencePenalty + settings.frequencyPenalty * Double(count))
            }
        }
    }

    // MARK: Drawing

    private mutating func draw(_ logits: [Float], best: Int) -> Int {
        let highest = Double(logits[best])
        guard highest.isFinite else { return best }
        var weights = logits.map { exp((Double($0) - highest) / settings.temperature) }
        var candidates: [Int]? = nil
        if settings.topK > 0, settings.topK < weights.count {
            candidates = Self.heaviest(settings.topK, of: weights, among: nil)
        }
        if settings.topP < 1 { candidates = Self.nucleus(settings.topP, of: weights, among: candidates) }
        if let candidates {
            var kept = [Double](repeating: 0, count: weights.count)
            for index in candidates { kept[index] = weights[index] }
            weights = kept
        }
        // The likeliest token has weight 1, so min-p is a threshold on the weights themselves.
        if settings.minP > 0 {
            for index in weights.indices where weights[index] < settings.minP { weights[index] = 0 }
        }
        var rest = generator.nextUnit() * weights.reduce(0, +)
        for index in weights.indices where weights[index] > 0 {
            rest -= weights[index]
            if rest < 0 { return index }
        }
        return best
    }

    /// The `count` heaviest indexes, heaviest first; of equals the lower index comes first.
    private static func heaviest(_ count: Int, of weights: [Double], among candidates: [Int]?) -> [Int] {
        func precedes(_ a: Int, _ b: Int) -> Bool { (weights[a], b) > (weights[b], a) }
        // A heap of the best so far whose root is the worst of them: n log k instead of sorting a vocabulary.
        var heap: [Int] = []
        heap.reserveCapacity(count)
        func siftDown() {
            var parent = 0
            while true {
                var worst = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                    if precedes(heap[worst], heap[child]) { worst = child }
                }
                if worst == parent { return }
                heap.swapAt(parent, worst)
                parent = worst
            }
        }
        for index in candidates ?? Array(weights.indices) {
            if heap.count < count {
                heap.append(index)
                var child = heap.count - 1
                while child > 0, precedes(heap[(child - 1) / 2], heap[child]) {
                    heap.swapAt(child, (child - 1) / 2)
                    child = (child - 1) / 2
                }
            } else if let root = heap.first, precedes(index, root) {
                heap[0] = index
                siftDown()
            }
        }
        return heap.sorted(by: precedes)
    }

    /// The fewest heaviest indexes whose share of the candidates' weight reaches `mass`; never none.
    private static func nucleus(_ mass: Double, of weights: [Double], among candidates: [Int]?) -> [Int] {
        let pool = candidates ?? Array(weights.indices)
        let needed = mass * pool.reduce(0) { $0 + weights[$1] }
        var count = 64
        while true {
            let ranked = heaviest(min(count, pool.count), of: weights, among: pool)
            var sum = 0.0
            for (place, index) in ranked.enumerated() {
                sum += weights[index]
                if sum >= needed { return Array(ranked[...place]) }
            }
            if ranked.count == pool.count { return ranked }
            count *= 8
        }
    }
}
