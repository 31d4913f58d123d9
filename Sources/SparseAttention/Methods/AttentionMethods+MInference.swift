extension AttentionMethods {
    static let minference = Entry(
        name: "minference", summary: "dynamic sparse attention, a pattern for each head (MInference 1.0)",
        options: [
            Option(key: "gamma", summary: "share of the estimated attention mass to keep (0.9)"),
            Option(
                key: "density",
                summary:
                    "cap on the share of causal pairs at 32768 keys, falling with the square root of the length "
                    + "(0.08, unless gamma is given)"),
            Option(key: "max-density", summary: "the same cap at any length, instead of density"),
            Option(key: "verticals", summary: "columns to keep instead of gamma, with slashes"),
            Option(key: "slashes", summary: "distances to keep instead of gamma, with verticals"),
            Option(
                key: "crossover",
                summary:
                    "dense below this many keys (what was measured on the device: 4096 on processors, by heads on GPUs)"
            ),
            Option(key: "dense-above", summary: "dense for heads above this density (0.6)"),
        ],
        defaults: CommonOptions(lastRowsDense: 64)
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
        let density = try specification.share("density")
        let maximumDensity = try specification.share("max-density")
        guard density == nil || maximumDensity == nil else {
            throw .conflict(method: specification.name, reason: "density and max-density exclude each other")
        }
        guard verticals != nil || slashes != nil else {
            guard gamma != nil || density != nil || maximumDensity != nil else { return nil }
            let share = gamma.map { Float($0) } ?? VerticalSlashBudget.standardGamma
            if let density { return .mass(share, densityAt32K: Float(density)) }
            return .mass(share, maximumDensity: maximumDensity.map { Float($0) } ?? 1)
        }
        guard gamma == nil, density == nil, maximumDensity == nil else {
            throw .conflict(
                method: specification.name,
                reason: "counts (verticals, slashes) and gamma or densities exclude each other")
        }
        guard let verticals, let slashes else {
            throw .conflict(method: specification.name, reason: "verticals and slashes go together")
        }
        return .fixed(verticals: verticals, slashes: slashes)
    }
}
