/// Widens indexes until a sample of exact rows says that they keep enough.
public struct RecallFloor: Sendable, Hashable {
    /// A head's mean recall must reach this share, 0 to 1.
    public var minimum: Double
    /// How recall is measured.
    public var sampler: RecallSampler
    /// A head that is still below the floor after this many widenings is computed dense.
    public var maximumSteps: Int

    /// A floor.
    public init(minimum: Double, sampler: RecallSampler = RecallSampler(), maximumSteps: Int = 6) {
        self.minimum = minimum
        self.sampler = sampler
        self.maximumSteps = maximumSteps
    }

    /// What `enforce` ended with.
    public struct Outcome: Sendable {
        /// One selection per head; each reaches the floor or is dense.
        public var selections: [HeadSelection]
        /// One recall per head.
        public var recalls: [RecallSample]
    }

    /// Measures the selection of every head and widens those below the floor: counts double, mass budgets lose half
    /// of what they left out. A head whose pattern widens to more than `rules` allow becomes dense, and so does one that
    /// follows a method's own pattern.
    ///
    /// `selections` has one entry per query head of the probe's shape.
    public func enforce(
        on selections: [HeadSelection], probe: any AttentionProbe, rules: DenseRules = .standard
    ) throws -> Outcome {
        var selections = selections
        var recalls = try sampler.recalls(
            heads: Array(selections.indices), selections: selections, probe: probe)
        for step in 0...maximumSteps {
            let low = selections.indices.filter { recalls[$0].mean < minimum }
            if low.isEmpty { break }
            let widened: [HeadSelection]
            let patterns = low.map { selections[$0].pattern.widened() }
            if step < maximumSteps, !patterns.contains(.dense) {
                let tail = selections.map(\.denseTailRows).max() ?? 0
                widened = try PatternSelection.select(
                    heads: low, patterns: patterns, rules: rules, probe: probe
                ).map { $0.withDenseTail(rows: tail, shape: probe.shape, geometry: probe.geometry) }
            } else {
                widened = low.map { head in
                    .dense(
                        selections[head].pattern, shape: probe.shape,
                        reason: .lowRecall(recalls[head].mean, minimum: minimum))
                }
            }
            let measured = try sampler.recalls(heads: low, selections: widened, probe: probe)
            for (place, head) in low.enumerated() {
                selections[head] = widened[place]
                recalls[head] = measured[place]
            }
        }
        return Outcome(selections: selections, recalls: recalls)
    }
}
