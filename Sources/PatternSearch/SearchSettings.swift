import SparseAttention

/// What a pattern should be near to dense attention in.
public enum SearchObjective: String, Sendable, Hashable, CaseIterable {
    /// The attention output: the mean over rows of the relative error. Source: MInference, algorithm 1.
    case output
    /// The attention mass that is kept. Source: the reference's released search.
    case recall
    /// The model's answers: the divergence of what it predicts of its own dense answers when one layer is sparse and
    /// the others are dense. One budget is spent over the layers; within a layer heads share by `output`.
    case answer
}

/// How much the patterns may cost.
public enum SearchBudget: Sendable, Hashable {
    /// What an A-shape of 1024 first keys and 4096 local ones takes. Source: MInference, table 7.
    case reference
    /// A share of the query-key pairs of dense attention.
    case flops(Double)
    /// A share of the time of dense attention on the device at hand.
    case time(Double)
    /// The least time that keeps this share of the attention mass.
    case recall(Double)

    /// Parses `flops=0.05`, `time=0.05` or `recall=0.95`; nil when it is none, or a share is not in 0...1.
    public init?(parsing text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let share = Double(parts[1]), share > 0, share <= 1 else { return nil }
        switch parts[0] {
        case "flops": self = .flops(share)
        case "time": self = .time(share)
        case "recall": self = .recall(share)
        default: return nil
        }
    }

    /// Whether it is a recall to reach, not a cost to stay within.
    public var isRecall: Bool { if case .recall = self { true } else { false } }

    /// `flops=0.05`, or `reference`.
    public var description: String {
        switch self {
        case .reference: "reference"
        case .flops(let share): "flops=\(share)"
        case .time(let share): "time=\(share)"
        case .recall(let share): "recall=\(share)"
        }
    }
}

/// What a search tries and what it goes by.
public struct SearchSettings: Sendable, Hashable {
    /// Which patterns are tried.
    public var space: SearchSpace
    /// What makes one better.
    public var objective: SearchObjective
    /// What they may cost.
    public var budget: SearchBudget
    /// Whether one budget is spent over all heads where it buys most, instead of the same for each; always for `answer`.
    public var allocates: Bool
    /// Blocks of 64 rows, spread over the prompt, whose output is compared.
    public var rowBlocks: Int
    /// Rows whose recall is measured, spread over the prompt.
    public var recallRows: Int

    /// Settings; those that are left out are the paper's.
    public init(
        space: SearchSpace = .paper, objective: SearchObjective = .output, budget: SearchBudget = .reference,
        allocates: Bool = false, rowBlocks: Int = 16, recallRows: Int = 24
    ) {
        self.space = space
        self.objective = objective
        self.budget = budget
        self.allocates = allocates || objective == .answer
        self.rowBlocks = rowBlocks
        self.recallRows = recallRows
    }

    /// Whether costs are measured times; else they are counted pairs.
    public var needsCalibration: Bool {
        if case .flops = budget { return false }
        return true
    }

    /// The costs per head at which candidates are matched, ascending, for a layer of these extents.
    func targets(_ cost: KernelCost, shape: AttentionShape, geometry: AttentionGeometry) -> [Double] {
        let dense = cost.dense(shape: shape, geometry: geometry)
        let spread = Self.levels.map { $0 * dense }
        switch budget {
        case .reference:
            let reference = HeadPattern.aShape(sinks: 1024, local: 4096)
            let target = cost.cost(
                of: .slashes(.aShape(sinks: 1024, local: 4096)), pattern: reference, shape: shape,
                geometry: geometry)
            return allocates ? spread : [target]
        case .flops(let share), .time(let share): return allocates ? spread : [share * dense]
        case .recall: return spread
        }
    }

    /// The share of dense attention that an allocation takes when no budget is given.
    static let defaultShare = 0.05

    /// Shares of dense attention, each about one and a half times the one before.
    static let levels = [
        0.005, 0.0075, 0.011, 0.016, 0.024, 0.036, 0.054, 0.08, 0.12, 0.18, 0.27, 0.4,
    ]
}
