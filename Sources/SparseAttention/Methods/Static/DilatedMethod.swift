/// Global keys and every `step`-th of the last `window` distances, as an exact mask.
///
/// Source: MInference (arXiv 2407.02490), baselines: 1024 global tokens and a dilated window of 8192 with an interval of
/// one, so 4096 distances. `includesDiagonal` says whether distance 0 is among them, {0, 2, 4, ...}, or not,
/// {1, 3, 5, ...}: the released code leaves a row's own key out, the paper does not say. With it unless asked otherwise.
public struct DilatedMethod: AttentionMethod {
    /// Keys kept at the start.
    public var sinks = 1024
    /// Distances that the window spans.
    public var window = 8192
    /// One distance in so many is kept.
    public var step = 2
    /// Whether a row sees its own key.
    public var includesDiagonal = true

    /// The sizes of the paper.
    public init() {}

    /// `dilated:sinks=...,window=...,step=...,diagonal=...`.
    public var specification: String {
        "dilated:sinks=\(sinks),window=\(window),step=\(step),diagonal=\(includesDiagonal ? "yes" : "no")"
    }

    /// The same mask for all heads.
    public func select(layer: Int, probe: any AttentionProbe) -> [HeadSelection] {
        let first = includesDiagonal ? 0 : step - 1
        return LineMask.selections(
            distances: stride(from: first, to: window, by: step), sinks: sinks,
            pattern: .named("dilated", detail: "\(sinks),\(window)/\(step)"), probe: probe)
    }
}

/// Masks of lines for baselines.
enum LineMask {
    /// The same exact mask of `distances` and the first `sinks` keys for every head.
    static func selections(
        distances: some Sequence<Int>, sinks: Int, pattern: HeadPattern, probe: any AttentionProbe
    ) -> [HeadSelection] {
        let keyCount = probe.shape.keyCount
        let mask = MaskIndex.lines(
            distances: BitSet(count: keyCount, distances.prefix { $0 < keyCount }),
            columns: BitSet(count: keyCount, 0..<min(sinks, keyCount)))
        let selection = HeadSelection(
            index: .mask(mask), pattern: pattern, shape: probe.shape, geometry: probe.geometry)
        return [HeadSelection](repeating: selection, count: probe.shape.heads)
    }
}

extension AttentionMethods {
    static let dilated = Entry(
        name: "dilated", summary: "the first keys and every second of the last ones, exactly",
        options: [
            Option(key: "sinks", summary: "keys kept at the start (1024)"),
            Option(key: "window", summary: "distances that the window spans (8192)"),
            Option(key: "step", summary: "one distance in so many is kept (2)"),
            Option(key: "diagonal", summary: "yes: 0, 2, 4, ...; no: 1, 3, 5, ..., as released (yes)"),
        ]
    ) { specification, _ in
        var method = DilatedMethod()
        method.sinks = try specification.integer("sinks", atLeast: 1) ?? method.sinks
        method.window = try specification.integer("window", atLeast: 1) ?? method.window
        method.step = try specification.integer("step", atLeast: 1) ?? method.step
        method.includesDiagonal = try specification.word("diagonal", YesOrNo.self) != .no
        return method
    }
}
