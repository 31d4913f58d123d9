/// Every key for every head.
public struct DenseMethod: AttentionMethod {
    /// Dense attention.
    public init() {}

    /// `dense`.
    public var specification: String { "dense" }

    /// All rows.
    public func denseLastRows(layer: Int) -> Int { .max }

    /// Dense selections.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        [HeadSelection](repeating: .dense(.dense, shape: probe.shape, reason: nil), count: probe.shape.heads)
    }
}
