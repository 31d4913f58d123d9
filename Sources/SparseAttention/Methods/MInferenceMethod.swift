/// Dynamic sparse attention by the pattern of each head: vertical-slash, A-shape or block-sparse.
///
/// Source: MInference 1.0 (arXiv 2407.02490). Without a file of patterns every head is vertical-slash.
public struct MInferenceMethod: AttentionMethod {
    /// When heads are dense instead.
    public var rules: DenseRules
    /// Exact rows per head, spread over each run of rows, by which heads with a budget by mass choose between what
    /// the last rows need and a local band of the same cost; 0 leaves every head what the last rows need.
    public var bandRows = 4
    package let patterns: HeadPatterns?
    private let budget: VerticalSlashBudget

    /// Every head vertical-slash with the same budget.
    public init(budget: VerticalSlashBudget = .standard, rules: DenseRules = .standard) {
        patterns = nil
        self.budget = budget
        self.rules = rules
    }

    /// Each head by its own pattern.
    public init(patterns: HeadPatterns, rules: DenseRules = .standard) {
        self.patterns = patterns
        budget = .standard
        self.rules = rules
    }

    /// `minference:` with its budget and rules; a file of patterns is not part of it.
    public var specification: String {
        var options: [String] = []
        if patterns == nil {
            switch budget.storage {
            case .fixed(let verticals, let slashes):
                options += ["verticals=\(verticals)", "slashes=\(slashes)"]
            case .mass(let gamma, let cap, let forcing):
                options.append("gamma=\(gamma)")
                if cap.referenceKeys != nil {
                    options.append("density=\(cap.density)")
                } else if cap.density < 1 {
                    options.append("max-density=\(cap.density)")
                }
                options += ["sinks=\(forcing.sinks)", "local=\(forcing.local)"]
            }
        }
        if let crossover = rules.crossover { options.append("crossover=\(crossover)") }
        options.append("dense-above=\(rules.maximumDensity)")
        options.append("band-rows=\(bandRows)")
        return "minference:" + options.joined(separator: ",")
    }

    /// Checks that the patterns are those of such a model.
    ///
    /// - Throws: `PatternsError` when they are not.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        guard let patterns else { return self }
        guard patterns.layerCount == model.layers else {
            throw PatternsError.layerCount(found: patterns.layerCount, expected: model.layers)
        }
        guard patterns.headCount == model.heads else {
            throw PatternsError.headCount(layer: 0, found: patterns.headCount, expected: model.heads)
        }
        return self
    }

    /// One selection per head.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let heads = Array(0..<probe.shape.heads)
        let selections = try PatternSelection.select(
            heads: heads,
            patterns: heads.map {
                patterns?.pattern(layer: layer, head: $0, keyCount: probe.shape.keyCount)
                    ?? .verticalSlash(budget)
            },
            rules: rules, probe: probe)
        return try BandChoice(rowCount: bandRows, tailRows: Self.lastRowsDense).applied(
            to: selections, heads: heads, probe: probe)
    }

    /// The last rows that are dense unless told otherwise: about a question with the beginning of its answer.
    package static let lastRowsDense = 128
}
