import Plotting
import SparseAttention

/// Draws an inspection.
public struct InspectionFigures: Sendable {
    private let inspection: Inspection
    private let context: String

    /// Figures; `context` is a line below each title: model, tokens, device.
    public init(_ inspection: Inspection, context: String) {
        self.inspection = inspection
        self.context = context
    }

    /// All figures with the names of their files, without extension.
    public var all: [(name: String, figure: Figure)] {
        var figures = inspection.maps.map { map in
            (name: "map-layer\(map.layer)-head\(map.head)", figure: figure(map))
        }
        figures.append(("heads", grids))
        figures.append(("columns", columns))
        if let decoding = inspection.decoding { figures.append(("decoding", figure(decoding))) }
        return figures
    }

    // MARK: Maps

    private func figure(_ map: AttentionMap) -> Figure {
        let x = Axis("key position (tokens)", from: 0, to: Double(map.keyCount))
        let y = Axis("query position (tokens)", from: Double(map.keyCount), to: 0)
        let colors = HeatMap.Colors.scale(
            .viridis, from: 1e-6, to: 1, logarithmic: true, label: "largest probability in a cell")
        func heat(_ values: [Double]) -> [Mark] {
            [.heatMap(HeatMap(columns: map.side, values: values, colors: colors))]
        }
        let kept = zip(map.probabilities, map.kept).map { $1 > 0 ? $0 : .nan }
        return Figure(
            "Attention of layer \(map.layer), head \(map.head)", subtitle: context,
            panels: [
                Figure.Panel("All of it", x: x, y: y, marks: heat(map.probabilities)),
                Figure.Panel("What \(map.pattern) keeps", x: x, y: y, marks: heat(kept)),
            ], columns: 2, panelSize: Figure.Size(380, 380))
    }

    // MARK: Grids

    private var grids: Figure {
        let heads = inspection.patterns.first?.count ?? 0
        let layers = inspection.patterns.count
        let x = Axis.categories("head", (0..<heads).map { "\($0)" })
        let ticks = (0..<layers).map { Axis.Tick(Double($0), "\($0)") }
        // Many layers are named in steps.
        let step = max(layers / 16, 1)
        let y = Axis(
            "layer", from: Double(layers) - 0.5, to: -0.5, ticks: ticks.filter { Int($0.value) % step == 0 })
        let fits = heads <= 16 && layers <= 16
        func panel(_ title: String, _ values: [[Double]], _ colors: HeatMap.Colors, _ labels: [String])
            -> Figure.Panel
        {
            Figure.Panel(
                title, x: x, y: y,
                marks: [
                    .heatMap(
                        HeatMap(
                            columns: max(heads, 1), values: values.flatMap { $0 }, colors: colors,
                            labels: fits ? labels : []))
                ])
        }
        func percent(_ values: [[Double]]) -> [String] {
            values.joined().map { "\(Int(($0 * 100).rounded()))" }
        }
        let names = ["a-shape", "vertical-slash", "block-sparse", "dense"]
        let kinds = inspection.patterns.map { $0.map { names.firstIndex(of: $0.name) ?? names.count } }
        let hues = [Color.series[0], Color.series[4], Color.series[2], Color(0x8C959F), Color.series[3]]
        let categories = zip(names + ["other"], hues).map { HeatMap.Category($0, $1) }
        let letters = ["A", "V", "B", "D", "?"]
        let mostDense = inspection.densities.joined().max() ?? 1
        return Figure(
            "Pattern, recall and density of every head", subtitle: context,
            panels: [
                panel(
                    "Pattern", kinds.map { $0.map(Double.init) }, .categories(categories),
                    kinds.joined().map { letters[$0] }),
                panel(
                    "Recall (% of attention mass kept)", inspection.recalls.map { $0.map { $0 * 100 } },
                    .scale(.cividis, from: 0, to: 100, label: "recall (%)"), percent(inspection.recalls)),
                panel(
                    "Density (% of causal pairs computed)", inspection.densities.map { $0.map { $0 * 100 } },
                    .scale(.cividis, from: 0, to: max(mostDense * 100, 1), label: "density (%)"),
                    inspection.densities.joined().map { Self.oneDigit($0 * 100) }),
            ], columns: 3,
            panelSize: Figure.Size(max(300, Double(heads) * 12), max(260, Double(layers) * 12)))
    }

    /// One digit after the point.
    private static func oneDigit(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    // MARK: Observations

    private var columns: Figure {
        let recall = inspection.columns
        let last = Double(recall.counts.last ?? 2)
        let ticks = recall.counts.filter { $0 >= 64 && ($0 / 64).nonzeroBitCount == 1 && $0 % 64 == 0 }
            .enumerated().filter { $0.offset % 2 == 0 }
            .map { Axis.Tick(Double($0.element), Self.short($0.element)) }
        let x = Axis("columns kept (keys)", from: 16, to: max(last, 17), scale: .logarithmic, ticks: ticks)
        let y = Axis("recall (share of attention mass)", from: 0, to: 1)
        func line(_ name: String, _ values: [Double], _ color: Color, dashed: Bool = false) -> Mark {
            .line(
                name: name,
                points: zip(recall.counts, values).map { Mark.Point(Double($0), $1) }, color: color,
                dashed: dashed)
        }
        var panels = [
            Figure.Panel(
                "(a) The best columns of each layer", x: x, y: y,
                marks: layers(recall.own).map { layer, color in
                    line("layer \(layer)", recall.own[layer], color)
                })
        ]
        if !recall.other.isEmpty {
            panels.append(
                Figure.Panel(
                    "(b) The same columns on another prompt", x: x, y: y,
                    marks: [
                        line("this prompt's own columns", Self.mean(recall.own), Color.series[0]),
                        line(
                            "columns of another prompt", Self.mean(recall.other), Color.series[1],
                            dashed: true),
                    ]))
        }
        return Figure(
            "Attention is sparse, and where depends on the prompt", subtitle: context, panels: panels,
            columns: 2, panelSize: Figure.Size(400, 280))
    }

    private func figure(_ decoding: DecodingRecall) -> Figure {
        let steps = decoding.dynamic.count
        func line(_ name: String, _ values: [Double], _ color: Color, dashed: Bool) -> Mark {
            .line(
                name: name,
                points: values.enumerated().map { Mark.Point(Double($0.offset + 1), $0.element) },
                color: color, dashed: dashed, dots: false)
        }
        return Figure(
            "(c) The best \(decoding.count) keys while decoding", subtitle: context,
            panels: [
                Figure.Panel(
                    "", x: Axis("token of the answer", from: 1, to: Double(max(steps, 2))),
                    y: Axis("recall (share of attention mass)", from: 0, to: 1),
                    marks: [
                        line("dynamic: each token's own", decoding.dynamic, Color.series[0], dashed: false),
                        line(
                            "static: the last prompt token's, and all since", decoding.fixed,
                            Color.series[1], dashed: true),
                    ])
            ], panelSize: Figure.Size(520, 280))
    }

    /// At most six layers, spread evenly, with their colours.
    private func layers(_ values: [[Double]]) -> [(Int, Color)] {
        let count = min(values.count, 6)
        return (0..<count).map { place in
            (count > 1 ? place * (values.count - 1) / (count - 1) : 0, Color.series[place])
        }
    }

    private static func mean(_ layers: [[Double]]) -> [Double] {
        (layers.first ?? []).indices.map { place in
            layers.reduce(0) { $0 + $1[place] } / Double(layers.count)
        }
    }

    /// `64`, `4K`.
    private static func short(_ count: Int) -> String {
        count >= 1024 && count % 1024 == 0 ? "\(count / 1024)K" : "\(count)"
    }
}
