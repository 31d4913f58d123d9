import JSON
import SparseAttention

/// What one pattern of one head costs and loses.
public struct SearchPoint: Sendable, Hashable {
    /// The pattern.
    public var pattern: HeadPattern
    /// Seconds, or pairs; see `KernelCost`.
    public var cost: Double
    /// The share of the causal pairs that is computed.
    public var density: Double
    /// The mean over rows of the relative error of the attention output.
    public var error: Double
    /// The mean over rows of the kept attention mass.
    public var recall: Double

    /// Dense attention.
    static func dense(cost: Double) -> SearchPoint {
        SearchPoint(pattern: .dense, cost: cost, density: 1, error: 0, recall: 1)
    }

    /// What is to be small.
    func loss(_ objective: SearchObjective) -> Double {
        switch objective {
        case .output, .answer: error
        case .recall: 1 - recall
        }
    }

    /// The point with the means of measurements of the same pattern on several prompts.
    static func mean(of points: [SearchPoint]) -> SearchPoint {
        let count = Double(points.count)
        func mean(_ value: KeyPath<SearchPoint, Double>) -> Double {
            points.reduce(0) { $0 + $1[keyPath: value] } / count
        }
        return SearchPoint(
            pattern: points[0].pattern, cost: mean(\.cost), density: mean(\.density), error: mean(\.error),
            recall: mean(\.recall))
    }

    /// `[[type, size, size, 0], cost, density, error, recall]`.
    var json: JSONValue {
        [
            .array(HeadPatterns.Head(pattern: pattern, score: 0).fields), .double(cost), .double(density),
            .double(error), .double(recall),
        ]
    }

    /// Reads what `json` wrote; nil when it is something else.
    init?(_ value: JSONValue) {
        var entry = PatternEntry(layer: 0, head: 0, keepsBlockCounts: true)
        guard let fields = value.array, fields.count == 5, let head = try? entry.read(fields[0]),
            let cost = fields[1].double, let density = fields[2].double, let error = fields[3].double,
            let recall = fields[4].double
        else { return nil }
        self.init(pattern: head.pattern, cost: cost, density: density, error: error, recall: recall)
    }

    package init(pattern: HeadPattern, cost: Double, density: Double, error: Double, recall: Double) {
        self.pattern = pattern
        self.cost = cost
        self.density = density
        self.error = error
        self.recall = recall
    }
}

/// All that was measured of a head.
public struct HeadMeasurement: Sendable, Hashable {
    /// The mean square of the head's output, relative to the mean over its layer's heads.
    public var weight: Double
    /// One point per candidate.
    public var points: [SearchPoint]
}
