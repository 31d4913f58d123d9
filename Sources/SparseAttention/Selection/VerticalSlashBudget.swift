/// How much a vertical-slash head keeps.
public struct VerticalSlashBudget: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case fixed(verticals: Int, slashes: Int)
        case mass(gamma: Float, cap: DensityCap, forcing: VerticalSlashForcing)
    }
    package let storage: Storage

    /// The reference's absolute counts, the same at every length.
    public static func fixed(verticals: Int, slashes: Int) -> Self {
        Self(storage: .fixed(verticals: verticals, slashes: slashes))
    }

    /// The cheapest index whose estimated attention mass reaches `gamma`, computing at most the share
    /// `maximumDensity` of the causal pairs. `forcing` is kept in any case, even beyond that share.
    public static func mass(
        _ gamma: Float, maximumDensity: Float = 1, forcing: VerticalSlashForcing = .wide
    ) -> Self {
        Self(
            storage: .mass(gamma: gamma, cap: DensityCap(density: maximumDensity), forcing: forcing))
    }

    /// As `mass`, with a cap that follows the length: `density` of the causal pairs at 32768 keys, falling with the square
    /// root of the number of keys. The keys of a row then still grow with the prompt, but slower than the prompt does.
    public static func mass(
        _ gamma: Float, densityAt32K density: Float, forcing: VerticalSlashForcing = .wide
    ) -> Self {
        let cap = DensityCap(density: density, referenceKeys: 32768)
        return Self(storage: .mass(gamma: gamma, cap: cap, forcing: forcing))
    }

    /// What heads keep unless told otherwise: nine tenths of the estimated attention mass, but never more than 7 % of the
    /// pairs at 32768 keys. Diffuse heads, whose mass lies everywhere, are the ones that the cap cuts.
    public static let standard = mass(standardGamma, densityAt32K: standardDensityAt32K)
    static let standardGamma: Float = 0.9
    static let standardDensityAt32K: Float = 0.07

    /// The next larger budget: twice the counts, or half the mass that is missing, without a cap on density.
    func widened() -> Self {
        switch storage {
        case .fixed(let verticals, let slashes):
            .fixed(verticals: Self.doubled(verticals, from: 30), slashes: Self.doubled(slashes, from: 100))
        case .mass(let gamma, _, let forcing): .mass(gamma + (1 - gamma) / 2, forcing: forcing)
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
        case .mass(let gamma, let cap, _):
            FixedPoint.percent(Double(gamma)) + cap.description
        }
    }
}
