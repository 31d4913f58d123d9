import JSON
import PatternSearch
import SparseAttention

/// What a search found, as a table and as JSON.
struct SearchReport {
    let outcome: PatternSearch.Outcome
    let patterns: HeadPatterns
    let settings: SearchSettings
    let output: String

    /// The number of heads of each shape, most first.
    private var shares: [(name: String, heads: Int)] {
        var counts: [String: Int] = [:]
        for point in outcome.chosen.joined() { counts[point.pattern.name, default: 0] += 1 }
        for shape in ["a-shape", "vertical-slash", "block-sparse"] { counts[shape, default: 0] += 0 }
        return counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
            .map { ($0.key, $0.value) }
    }

    private func mean(_ value: KeyPath<SearchPoint, Double>) -> Double {
        let points = outcome.chosen.flatMap { $0 }
        return points.reduce(0) { $0 + $1[keyPath: value] } / Double(max(points.count, 1))
    }

    /// The cost as a share of dense attention's.
    private var costShare: Double {
        let dense = outcome.measured.joined().reduce(0) { $0 + ($1.points.last?.cost ?? 0) }
        return outcome.chosen.joined().reduce(0) { $0 + $1.cost } / max(dense, .leastNormalMagnitude)
    }

    /// One line per head, then the sums.
    var text: String {
        var table = Table(["layer", "head", "pattern", "density", "recall", "output error"], isText: true)
        for (layer, heads) in outcome.chosen.enumerated() {
            for (head, point) in heads.enumerated() {
                table.append([
                    "\(layer)", "\(head)", point.pattern.description, Format.percent(point.density),
                    Format.percent(point.recall), Format.percent(point.error),
                ])
            }
        }
        let total = outcome.chosen.reduce(0) { $0 + $1.count }
        let shares = shares.map {
            "\($0.name) \($0.heads) (\(Format.percent(Double($0.heads) / Double(max(total, 1)), digits: 0)))"
        }
        let unit = settings.needsCalibration ? "time" : "pairs"
        var lines = [
            table.text, "", "heads: " + shares.joined(separator: ", "),
            "mean density \(Format.percent(mean(\.density))), recall \(Format.percent(mean(\.recall))), "
                + "output error \(Format.percent(mean(\.error))), "
                + "\(unit) \(Format.percent(costShare)) of dense attention, at \(outcome.tokens) tokens",
        ]
        if let divergences = outcome.divergences {
            let list = divergences.map { Format.fixed($0, 4) }.joined(separator: ", ")
            lines.append("divergence of the answers with one layer sparse, by layer: \(list) nats")
        }
        if let rule = patterns.lengthRule {
            lines.append("sizes follow the length to the power of \(rule.exponent)")
        }
        return (lines + ["patterns: \(output)"]).joined(separator: "\n")
    }

    /// The same.
    var json: JSONValue {
        let layers = outcome.chosen.map { heads in
            JSONValue.array(
                heads.map { point in
                    [
                        "pattern": .string(point.pattern.description), "density": .double(point.density),
                        "recall": .double(point.recall), "error": .double(point.error),
                        "cost": .double(point.cost),
                    ]
                })
        }
        return [
            "output": .string(output), "tokens": .int(outcome.tokens),
            "shares": .object(shares.map { JSONValue.Member(key: $0.name, value: .int($0.heads)) }),
            "density": .double(mean(\.density)), "recall": .double(mean(\.recall)),
            "error": .double(mean(\.error)), "costShare": .double(costShare),
            "divergences": outcome.divergences.map { .array($0.map { .double($0) }) } ?? .null,
            "lengthExponent": patterns.lengthRule.map { .double($0.exponent) } ?? .null,
            "layers": .array(layers),
        ]
    }
}
