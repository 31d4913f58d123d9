/// A mixture of experts: a router sends each token to some of many small MLPs.
public struct ExpertConfiguration: Sendable, Hashable {
    /// The number of experts of a layer.
    public var count: Int
    /// The experts that a token goes to.
    public var perToken: Int
    /// The width inside an expert.
    public var intermediateSize: Int
    /// Whether the weights of a token's experts are scaled to add up to 1.
    public var normalizesWeights: Bool
    /// Which layers have experts.
    public var layers: [Bool]
}
