/// How much a vertical-slash head keeps.
public struct VerticalSlashBudget: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case fixed(verticals: Int, slashes: Int)
        case mass(gamma: Float, maximumDensity: Float)
    }
    package let storage: Storage

    /// The reference's absolute counts, the same at every length.
    public static func fixed(verticals: Int, slashes: Int) -> Self {
        Self(storage: .fixed(verticals: verticals, slashes: slashes))
    }

    /// The cheapest index whose estimated attention mass reaches `gamma`, computing at most the share
    /// `maximumDensity` of the causal pairs.
    public static func mass(_ gamma: Float, maximumDensity: Float = 1) -> Self {
        Self(storage: .mass(gamma: gamma, maximumDensity: maximumDensity))
    }

    /// What heads keep unless told otherwise: 95 % of the estimated attention mass, whatever that costs.
    public static let standard = mass(0.95)

    /// The next larger budget: twice the counts, or half the mass that is missing, without a cap on density.
    func widened() -> Self {
        switch storage {
        case .fixed(let verticals, let slashes):
            .fixed(verticals: Self.doubled(verticals, from: 30), slashes: Self.doubled(slashes, from: 100))
        case .mass(let gamma, _): .mass(gamma + (1 - gamma) / 2)
        }
    }

    private static func doubled(_ count: Int, from least: Int) -> Int {
        max(count, least).multipliedReportingOverflow(by: 2).overflow ? Int.max : max(count, least) * 2
    }
}

extension VerticalSlashBudget: CustomStringConvertible {
    /// Parses `GAMMA` (a mass between 0 and 1), or `VERTICALS,SLASHES` (two counts); nil when it is neither.
    public init?(parsing text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        if parts.count == 2, let verticals = Int(parts[0]), let slashes = Int(parts[1]), verticals >= 0,
            slashes >= 0
        {
            self = .fixed(verticals: verticals, slashes: slashes)
        } else if parts.count == 1, let gamma = Float(text), gamma > 0, gamma <= 1 {
            self = .mass(gamma)
        } else {
            return nil
        }
    }

    /// `1000,6096` or `95%`, as people write budgets.
    public var description: String {
        switch storage {
        case .fixed(let verticals, let slashes): "\(verticals),\(slashes)"
        case .mass(let gamma, let density):
            FixedPoint.percent(Double(gamma))
                + (density < 1 ? " within \(FixedPoint.percent(Double(density)))" : "")
        }
    }
}
