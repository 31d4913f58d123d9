/// Dense lower layers; in the upper ones only the first keys, the last ones, and dense last rows.
///
/// What the prompt's middle rows see of its middle serves to predict the prompt, which nobody asks for. Source:
/// TriangleMix (arXiv 2507.21526): layers from 16 of 32 on, 8 sinks, 512 local, 128 last rows. For another method in the
/// lower layers write `minference+LAYER=tri-shape:sinks=8,local=512,last-rows-dense=128`.
public struct TriangleMixMethod: AttentionMethod {
    /// Keys kept at the start, in the upper layers.
    public var sinks = 8
    /// Distances kept, counting the row's own key, in the upper layers.
    public var local = 512
    /// Dense last rows of the upper layers.
    public var lastRows = 128
    /// The first upper layer; nil for the middle of the model.
    public var start: Int?

    /// The sizes of the paper.
    public init() {}

    /// `triangle-mix:sinks=...,local=...,rows=...,start=...`.
    public var specification: String {
        "triangle-mix:sinks=\(sinks),local=\(local),rows=\(lastRows)" + (start.map { ",start=\($0)" } ?? "")
    }

    /// All rows below `start`, above it the last `lastRows`.
    public func denseLastRows(layer: Int) -> Int { start.map { layer >= $0 } == true ? lastRows : .max }

    /// With `start` known.
    ///
    /// - Throws: `AttentionMethodError` when the model has no such layer.
    public func bound(to model: ModelExtents) throws -> any AttentionMethod {
        var method = self
        method.start = start ?? model.layers / 2
        guard let start = method.start, start <= model.layers else {
            throw AttentionMethodError.invalidValue(
                method: "triangle-mix", option: "start", value: "\(start ?? 0)",
                expected: "at most the model's \(model.layers) layers")
        }
        return method
    }

    /// Dense below `start`, else the triangle.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        guard let start, layer >= start else { return DenseMethod().select(layer: layer, probe: probe) }
        return AShapeMethod(sinks: sinks, local: local).select(layer: layer, probe: probe).map {
            $0.withDenseTail(rows: lastRows, shape: probe.shape, geometry: probe.geometry)
        }
    }
}

extension AttentionMethods {
    static let triangleMix = Entry(
        name: "triangle-mix", summary: "dense lower layers, tri-shape in the upper ones (TriangleMix)",
        options: [
            Option(key: "sinks", summary: "keys kept at the start, in upper layers (8)"),
            Option(key: "local", summary: "distances kept before each row, in upper layers (512)"),
            Option(key: "rows", summary: "dense last rows of upper layers (128)"),
            Option(key: "start", summary: "the first upper layer (the middle one)"),
        ]
    ) { specification, _ in
        var method = TriangleMixMethod()
        method.sinks = try specification.integer("sinks", atLeast: 0) ?? method.sinks
        method.local = try specification.integer("local", atLeast: 1) ?? method.local
        method.lastRows = try specification.integer("rows", atLeast: 0) ?? method.lastRows
        method.start = try specification.integer("start", atLeast: 0)
        return method
    }
}
