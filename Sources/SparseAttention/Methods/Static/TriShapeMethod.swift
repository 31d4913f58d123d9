extension AttentionMethods {
    /// The A-shape of the paper's sizes with its last rows dense: a composed form, so no method of its own.
    ///
    /// Source: SCBench (arXiv 2412.10319), tri-shape; sizes of the released code, 128 sinks, 3968 local, 100 last rows.
    static let triShape = Entry(
        name: "tri-shape", summary: "a-shape with the last rows dense (SCBench)",
        options: [
            Option(key: "sinks", summary: "keys kept at the start (128)"),
            Option(key: "local", summary: "distances kept before each row (3968)"),
        ],
        defaults: CommonOptions(lastRowsDense: 100)
    ) { specification, _ in
        let sinks = try specification.integer("sinks", atLeast: 0) ?? 128
        let local = try specification.integer("local", atLeast: 1) ?? 3968
        return NamedAShapeMethod(name: "tri-shape", shape: AShapeMethod(sinks: sinks, local: local))
    }
}

/// An A-shape under another method's name.
struct NamedAShapeMethod: AttentionMethod {
    let name: String
    let shape: AShapeMethod

    var specification: String { "\(name):sinks=\(shape.sinks),local=\(shape.local)" }

    func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        shape.select(layer: layer, probe: probe)
    }
}
