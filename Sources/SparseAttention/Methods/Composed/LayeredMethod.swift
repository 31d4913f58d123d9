/// One method for the lower layers, another from some layer on.
///
/// Written `LOWER+LAYER=UPPER`, e.g. `minference+3=a-shape:sinks=8,local=512`.
public struct LayeredMethod: AttentionMethod {
    /// The method of the layers below `boundary`.
    public let lower: any AttentionMethod
    /// The first layer of `upper`.
    public let boundary: Int
    /// The method of the layers from `boundary` on.
    public let upper: any AttentionMethod

    /// `lower` up to, but not in, layer `boundary`, `upper` from there.
    public init(lower: any AttentionMethod, boundary: Int, upper: any AttentionMethod) {
        self.lower = lower
        self.boundary = boundary
        self.upper = upper
    }

    /// `LOWER+LAYER=UPPER`.
    public var specification: String { "\(lower.specification)+\(boundary)=\(upper.specification)" }

    /// The lower method's.
    public var rules: DenseRules { lower.rules }

    /// Either one's.
    public var repositions: Bool { lower.repositions || upper.repositions }

    /// The layer's method's.
    public func skipThreshold(layer: Int, keyCount: Int) -> Float? {
        method(of: layer).skipThreshold(layer: layer, keyCount: keyCount)
    }

    /// The layer's method's.
    public func denseLastRows(layer: Int) -> Int { method(of: layer).denseLastRows(layer: layer) }

    /// Both methods bound.
    ///
    /// - Throws: `AttentionMethodError` when the model has no layer `boundary`.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        guard boundary < model.layers else {
            throw AttentionMethodError.malformed(
                specification, reason: "the model has no layer \(boundary), only 0 to \(model.layers - 1)")
        }
        return LayeredMethod(
            lower: try lower.bound(to: model), boundary: boundary, upper: try upper.bound(to: model))
    }

    /// The layer's method's selections.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        try method(of: layer).select(layer: layer, probe: probe)
    }

    private func method(of layer: Int) -> any AttentionMethod { layer < boundary ? lower : upper }
}
