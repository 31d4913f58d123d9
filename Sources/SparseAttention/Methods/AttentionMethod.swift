/// A way to choose which keys each head attends: it looks at a layer's queries and keys and returns indexes.
public protocol AttentionMethod: Sendable {
    /// The method and its options as `AttentionMethodSpecification` reads them, e.g. `a-shape:sinks=1024,local=4096`.
    var specification: String { get }

    /// One selection per query head of the probe's shape, in order.
    func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection]
}
