/// Global keys, a dense local window, and every `step`-th of the distances beyond it, as an exact mask.
///
/// Source: MInference (arXiv 2407.02490), baselines: 1024 global, 2048 local and a dilated window of 4096 with an
/// interval of one. The local window holds distance 0 unless `includesDiagonal` is false, which takes it out alone.
public struct StridedMethod: AttentionMethod {
    /// Keys kept at the start.
    public var sinks = 1024
    /// Distances kept before each row, counting its own key.
    public var local = 2048
    /// Distances that the dilated window spans beyond the local one.
    public var window = 4096
    /// One distance in so many of those is kept.
    public var step = 2
    /// Whether a row sees its own key.
    public var includesDiagonal = true

    /// The sizes of the paper.
    public init() {}

    /// `strided:sinks=...,local=...,window=...,step=...,diagonal=...`.
    public var specification: String {
        "strided:sinks=\(sinks),local=\(local),window=\(window),step=\(step),"
            + "diagonal=\(includesDiagonal ? "yes" : "no")"
    }

    /// The same mask for all heads.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        let distances =
            Array((includesDiagonal ? 0 : 1)..<max(local, 1))
            + stride(from: local, to: local + window, by: step)
        return LineMask.selections(
            distances: distances, sinks: sinks,
            pattern: .named("strided", detail: "\(sinks),\(local),\(window)/\(step)"), probe: probe)
    }
}

extension AttentionMethods {
    static let strided = Entry(
        name: "strided", summary: "the first keys, a local window, every second key beyond it, exactly",
        options: [
            Option(key: "sinks", summary: "keys kept at the start (1024)"),
            Option(key: "local", summary: "distances kept before each row (2048)"),
            Option(key: "window", summary: "distances that the dilated window spans beyond (4096)"),
            Option(key: "step", summary: "one distance in so many of those is kept (2)"),
            Option(key: "diagonal", summary: "whether a row sees its own key (yes)"),
        ]
    ) { specification, _ in
        var method = StridedMethod()
        method.sinks = try specification.integer("sinks", atLeast: 1) ?? method.sinks
        method.local = try specification.integer("local", atLeast: 1) ?? method.local
        method.window = try specification.integer("window", atLeast: 0) ?? method.window
        method.step = try specification.integer("step", atLeast: 1) ?? method.step
        method.includesDiagonal = try specification.word("diagonal", YesOrNo.self) != .no
        return method
    }
}
