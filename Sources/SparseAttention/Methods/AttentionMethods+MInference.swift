extension AttentionMethods {
    static let minference = Entry(
        name: "minference", summary: "dynamic sparse attention, a pattern for each head (MInference 1.0)",
        options: [
            Option(key: "gamma", summary: "share of the estimated attention mass to keep (0.9)"),
            Option(
                key: "density",
                summary:
                    "cap on the share of causal pairs at 32768 keys, falling with the square root of the length "
                    + "(0.07, unless gamma is given)"),
            Option(key: "max-density", summary: "the same cap at any length, instead of density"),
            Option(key: "sinks", summary: "first keys that every head keeps beside gamma (64)"),
            Option(key: "local", summary: "distances that every head keeps beside gamma (256)"),
            Option(key: "verticals", summary: "columns to keep instead of gamma, with slashes"),
            Option(key: "slashes", summary: "distances to keep instead of gamma, with verticals"),
            Option(
                key: "crossover",
                summary:
                    "dense below this many keys (what was measured on the device: 4096 on processors, by heads on GPUs)"
            ),
            Option(key: "dense-above", summary: "dense for heads above this density (0.6)"),
            Option(
                key: "band-rows",
                summary:
                    "exact rows over the prompt by which heads take a local band of the same cost instead; 0 for none (4)"
            ),
        ],
        defaults: CommonOptions(lastRowsDense: MInferenceMethod.lastRowsDense)
    ) { specification, settings in
        var rules = DenseRules.standard
        rules.crossover = try specification.integer("crossover", atLeast: 0) ?? rules.crossover
        rules.maximumDensity = try specification.share("dense-above") ?? rules.maximumDensity
        let budget = try budget(of: specification)
        let bandRows = try specification.integer("band-rows", atLeast: 0)
        func method(_ method: MInferenceMethod) -> MInferenceMethod {
            var method = method
            method.bandRows = bandRows ?? method.bandRows
            return method
        }
        if let patterns = settings.patterns {
            guard budget == nil, settings.budget == nil else {
                throw AttentionMethodError.conflict(
                    method: specification.name,
                    reason: "a patterns file says how much each head keeps; leave the budget or the file out")
            }
            return method(MInferenceMethod(patterns: patterns, rules: rules))
        }
        guard budget == nil || settings.budget == nil else {
            throw AttentionMethodError.conflict(
                method: specification.name, reason: "the budget is given twice; leave one out")
        }
        if budget == nil, settings.budget == nil, let patterns = settings.ownPatterns {
            return method(MInferenceMethod(patterns: patterns, rules: rules))
        }
        return method(MInferenceMethod(budget: budget ?? settings.budget ?? .standard, rules: rules))
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
        var forcing = VerticalSlashForcing.wide
        let sinks = try specification.integer("sinks", atLeast: 0)
        let local = try specification.integer("local", atLeast: 1)
        forcing.sinks = sinks ?? forcing.sinks
        forcing.local = local ?? forcing.local
        guard density == nil || maximumDensity == nil else {
            throw .conflict(method: specification.name, reason: "density and max-density exclude each other")
        }
        guard verticals != nil || slashes != nil else {
            let shape = [gamma, density, maximumDensity, sinks.map(Double.init), local.map(Double.init)]
            guard shape.contains(where: { $0 != nil }) else { return nil }
            let share = gamma.map { Float($0) } ?? VerticalSlashBudget.standardGamma
            if let maximumDensity {
                return .mass(share, maximumDensity: Float(maximumDensity), forcing: forcing)
            }
            if gamma != nil, density == nil { return .mass(share, forcing: forcing) }
            let cap = density.map { Float($0) } ?? VerticalSlashBudget.standardDensityAt32K
            return .mass(share, densityAt32K: cap, forcing: forcing)
        }
        guard gamma == nil, density == nil, maximumDensity == nil, sinks == nil, local == nil else {
            throw .conflict(
                method: specification.name,
                reason: "counts (verticals, slashes) and gamma, densities, sinks or local exclude each other")
        }
        guard let verticals, let slashes else {
            throw .conflict(method: specification.name, reason: "verticals and slashes go together")
        }
        return .fixed(verticals: verticals, slashes: slashes)
    }
}
