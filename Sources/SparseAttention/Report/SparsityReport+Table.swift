extension SparsityReport {
    /// The report as plain text of at most 100 columns: totals, a line per layer, and densities (and recalls) per head.
    public var table: String {
        var lines = [
            "attention: \(method)",
            "density \(FixedPoint.percent(density)), recall \(Self.text(recall)), "
                + "estimate \(FixedPoint.text(estimateSeconds, digits: 3)) s, "
                + "attend \(FixedPoint.text(attendSeconds, digits: 3)) s, dense heads \(denseHeads)",
            "",
        ]
        lines.append(
            Self.row(["layer", "density", "recall", "least", "estimate ms", "attend ms"])
                + "  dense  patterns")
        for (number, layer) in layers.enumerated() {
            lines.append(Self.line(of: layer, number: number))
        }
        lines += Self.grid("density by head, % (d: dense)", layers) { head in
            head.isDense ? "d" : FixedPoint.text(head.density * 100, digits: 1)
        }
        if recall != nil {
            lines += Self.grid("recall by head, %", layers) { head in
                head.recall.map { FixedPoint.text($0.mean * 100, digits: 1) } ?? "-"
            }
        }
        let reasons = Set(layers.flatMap(\.heads).compactMap(\.denseReason?.description)).sorted()
        if !reasons.isEmpty {
            lines += ["", "dense because:"] + reasons.prefix(8).map { "  \($0)" }
            if reasons.count > 8 { lines.append("  and \(reasons.count - 8) more") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let widths = [5, 8, 7, 7, 12, 10]

    private static func row(_ cells: [String]) -> String {
        zip(cells, widths).map { padded($0, $1) }.joined()
    }

    private static func line(of layer: LayerReport, number: Int) -> String {
        let cells = [
            String(number), FixedPoint.percent(layer.density),
            layer.recall.map { FixedPoint.text($0.mean * 100, digits: 1) } ?? "-",
            layer.recall.map { FixedPoint.text($0.minimum * 100, digits: 1) } ?? "-",
            FixedPoint.text(layer.estimateSeconds * 1000, digits: 1),
            FixedPoint.text(layer.attendSeconds * 1000, digits: 1),
        ]
        var counts: [String: Int] = [:]
        for head in layer.heads { counts[head.pattern.name, default: 0] += 1 }
        let patterns = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let dense = layer.heads.reduce(0) { $0 + ($1.isDense ? 1 : 0) }
        return row(cells) + padded(String(dense), 7) + "  " + String(patterns.prefix(40))
    }

    /// One line per layer and one column per head, fifteen heads at a time.
    private static func grid(
        _ title: String, _ layers: [LayerReport], cell: (HeadReport) -> String
    ) -> [String] {
        let heads = layers.first?.heads.count ?? 0
        return stride(from: 0, to: heads, by: 15).flatMap { first in
            let columns = first..<min(first + 15, heads)
            let header = padded("layer", 5) + columns.map { padded(String($0), 6) }.joined()
            let rows = layers.enumerated().map { number, layer in
                padded(String(number), 5) + columns.map { padded(cell(layer.heads[$0]), 6) }.joined()
            }
            return ["", title, header] + rows
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.utf8.count, 0)) + text
    }

    private static func text(_ recall: RecallSample?) -> String {
        guard let recall else { return "not sampled" }
        return "\(FixedPoint.percent(recall.mean)) (least \(FixedPoint.percent(recall.minimum)))"
    }
}
