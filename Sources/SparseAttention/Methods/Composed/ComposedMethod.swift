/// A method with the options that all methods take: dense first layers, dense last rows, a skip threshold.
public struct ComposedMethod: AttentionMethod {
    /// The method that chooses everything else.
    public let base: any AttentionMethod
    /// What is added to it.
    public let options: CommonOptions

    /// `base` with `options`.
    public init(_ base: any AttentionMethod, options: CommonOptions) {
        self.base = base
        self.options = options
    }

    /// The base's text with the options added.
    public var specification: String {
        var added: [String] = []
        if options.denseLayers > 0 { added.append("dense-layers=\(options.denseLayers)") }
        added.append("last-rows-dense=\(options.lastRowsDense)")
        if let skip = options.skip { added.append("skip=\(skip)") }
        let text = base.specification
        return text + (text.contains(":") ? "," : ":") + added.joined(separator: ",")
    }

    /// The base's.
    public var rules: DenseRules { base.rules }

    /// The base's.
    public var repositions: Bool { base.repositions }

    /// `skip / keyCount` in layers that are not dense.
    public func skipThreshold(layer: Int, keyCount: Int) -> Float? {
        layer < options.denseLayers ? nil : options.skip.map { min($0 / Float(max(keyCount, 1)), 1) }
    }

    /// All rows of the first layers; in the others those of the options or of the base.
    public func denseLastRows(layer: Int) -> Int {
        layer < options.denseLayers ? .max : max(options.lastRowsDense, base.denseLastRows(layer: layer))
    }

    /// The bound base with the same options.
    ///
    /// - Throws: `AttentionMethodError` when there are fewer layers than are to be dense.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        guard options.denseLayers <= model.layers else {
            throw AttentionMethodError.invalidValue(
                method: String(base.specification.prefix { $0 != ":" }), option: "dense-layers",
                value: "\(options.denseLayers)", expected: "at most the model's \(model.layers) layers")
        }
        return ComposedMethod(try base.bound(to: model), options: options)
    }

    /// Dense selections in the first layers and of few rows; the base's with dense last rows in the others.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        // Nothing needs to be chosen when all rows are last rows.
        if layer < options.denseLayers || options.lastRowsDense >= probe.shape.queryCount {
            return DenseMethod().select(layer: layer, probe: probe)
        }
        return try base.select(layer: layer, probe: probe).map {
            $0.withDenseTail(
                rows: max(options.lastRowsDense, $0.denseTailRows), shape: probe.shape,
                geometry: probe.geometry)
        }
    }
}
