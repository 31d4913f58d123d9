/// A way to choose which keys each head attends: it looks at a layer's queries and keys and returns indexes.
public protocol AttentionMethod: Sendable {
    /// The method and its options as `AttentionMethodSpecification` reads them, e.g. `a-shape:sinks=1024,local=4096`.
    var specification: String { get }
    /// When heads are dense instead; what a recall floor widens within. The standard rules unless a method has its own.
    var rules: DenseRules { get }
    /// A layer's skip threshold for a call over `keyCount` keys; nil, unless a method says otherwise, for none.
    ///
    /// See `Backend.attend(queries:cache:shape:indexes:scale:skipBelow:into:)`.
    func skipThreshold(layer: Int, keyCount: Int) -> Float?

    /// Whether indexes may be `.repositioned`, for which a device makes copies of a layer's queries and keys; not unless
    /// a method says so.
    var repositions: Bool { get }

    /// The last rows of a prompt that attend every key in a layer whatever `select` sees; none, unless a method says
    /// otherwise.
    ///
    /// Where no more rows than these are needed, `select` is shown these rows alone.
    func denseLastRows(layer: Int) -> Int

    /// The method for a model of this size; itself unless it depends on the model.
    ///
    /// Called once before any compute. Throws when the method cannot serve the model.
    func bound(to model: ModelExtents) throws -> any AttentionMethod

    /// One selection per query head of the probe's shape, in order.
    func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection]
}

/// The sizes of a model that methods may depend on.
public struct ModelExtents: Sendable, Hashable {
    /// Decoder layers.
    public var layers: Int
    /// Query heads of a layer.
    public var heads: Int
    /// Key and value heads of a layer.
    public var kvHeads: Int

    /// Sizes.
    public init(layers: Int, heads: Int, kvHeads: Int) {
        self.layers = layers
        self.heads = heads
        self.kvHeads = kvHeads
    }
}

extension AttentionMethod {
    /// The standard rules.
    public var rules: DenseRules { .standard }
    /// None.
    public func skipThreshold(layer: Int, keyCount: Int) -> Float? { nil }
    /// No.
    public var repositions: Bool { false }
    /// None.
    public func denseLastRows(layer: Int) -> Int { 0 }
    /// Itself.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod { self }
}
