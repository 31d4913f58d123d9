/// The first keys and the last ones, the same for all heads.
///
/// Source: StreamingLLM, as MInference's baseline uses it: true positions, sparse only while the prompt is processed.
public struct AShapeMethod: AttentionMethod {
    /// Keys kept at the start.
    public var sinks: Int
    /// Distances kept, counting the row's own key.
    public var local: Int

    /// A-shape attention; the sizes of the paper unless given.
    public init(sinks: Int = 1024, local: Int = 4096) {
        self.sinks = sinks
        self.local = local
    }

    /// `a-shape:sinks=...,local=...`.
    public var specification: String { "a-shape:sinks=\(sinks),local=\(local)" }

    /// The same index for all heads.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        let selection = HeadSelection(
            index: .slashes(.aShape(sinks: sinks, local: local)),
            pattern: .aShape(sinks: sinks, local: local),
            shape: probe.shape, geometry: probe.geometry)
        return [HeadSelection](repeating: selection, count: probe.shape.heads)
    }
}

extension AttentionMethods {
    static let aShape = Entry(
        name: "a-shape", summary: "the first keys and the last ones (StreamingLLM)",
        options: [
            Option(key: "sinks", summary: "keys kept at the start (1024)"),
            Option(key: "local", summary: "distances kept before each row (4096)"),
        ]
    ) { specification, _ in
        var method = AShapeMethod()
        method.sinks = try specification.integer("sinks", atLeast: 0) ?? method.sinks
        method.local = try specification.integer("local", atLeast: 1) ?? method.local
        return method
    }
}
