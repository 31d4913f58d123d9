extension AttentionMethods {
    static let minference = Entry(
        name: "minference", summary: "dynamic sparse attention, a pattern for each head (MInference 1.0)",
        options: [
            Option(key: "gamma", summary: "share of the estimated attention mass to keep (0.95)"),
            Option(key: "max-density", summary: "cap on the share of causal pairs that gamma may cost (1)"),
            Option(key: "verticals", summary: "columns to keep instead of gamma, with slashes"),
            Option(key: "slashes", summary: "distances to keep instead of gamma, with verticals"),
            Option(key: "crossover", summary: "dense below this many keys (4096)"),
            Option(key: "dense-above", summary: "dense for heads above this density (0.6)"),
        ]
    ) { specification, settings in
        var rules = DenseRules.standard
        rules.crossover = try specification.integer("crossover", atLeast: 0) ?? rules.crossover
        rules.maximumDensity = try specification.share("dense-above") ?? rules.maximumDensity
        let budget = try budget(of: specification)
        if let patterns = settings.patterns {
            guard budget == nil, settings.budget == nil else {
                throw AttentionMethodError.conflict(
                    method: specification.name,
                    reason: "a patterns file says how much each head keeps; leave the budget or the file out")
            }
            return MInferenceMethod(patterns: patterns, rules: rules)
        }
        guard budget == nil || settings.budget == nil else {
            throw AttentionMethodError.conflict(
                method: specification.name, reason: "the budget is given twice; leave one out")
        }
        return MInferenceMethod(budget: budget ?? settings.budget ?? .standard, rules: rules)
    }

    /// The budget that the options ask for, or nil when they do not.
    private static func budget(
        of specification: AttentionMethodSpecification
    ) throws(AttentionMethodError) -> VerticalSlashBudget? {
        let verticals = try specification.integer("verticals", atLeast: 0)
        let slashes = try specification.integer("slashes", atLeast: 0)
        let gamma = try specification.share("gamma")
        let density = try specification.share("max-density")
        guard verticals != nil || slashes != nil else {
            guard gamma != nil || density != nil else { return nil }
            return .mass(gamma.map { Float($0) } ?? 0.95, maximumDensity: density.map { Float($0) } ?? 1)
        }
        guard gamma == nil, density == nil else {
            throw .conflict(
                method: specification.name,
                reason: "counts (verticals, slashes) and gamma or max-density exclude each other")
        }
        guard let verticals, let slashes else {
            throw .conflict(method: specification.name, reason: "verticals and slashes go together")
        }
        return .fixed(verticals: verticals, slashes: slashes)
    }
}
