import JSON
import SparseAttention

extension Inspection {
    /// The numbers behind the figure of that file name; nil for an unknown one.
    public func json(of name: String) -> JSONValue? {
        if let map = maps.first(where: { "map-layer\($0.layer)-head\($0.head)" == name }) {
            return [
                "layer": .int(map.layer), "head": .int(map.head), "pattern": .string(map.pattern),
                "tokens": .int(map.keyCount), "side": .int(map.side),
                "largestProbabilities": .array(map.probabilities.map { Self.rounded($0) }),
                "kept": .array(map.kept.map { Self.rounded($0) }),
            ]
        }
        switch name {
        case "heads":
            return [
                "tokens": .int(tokens),
                "patterns": .array(patterns.map { .array($0.map { .string($0.description) }) }),
                "recalls": Self.table(recalls), "densities": Self.table(densities),
            ]
        case "columns":
            return [
                "tokens": .int(tokens), "counts": .array(columns.counts.map { .int($0) }),
                "own": Self.table(columns.own), "otherPrompt": Self.table(columns.other),
            ]
        case "decoding":
            guard let decoding else { return nil }
            return [
                "tokens": .int(tokens), "keys": .int(decoding.count),
                "dynamic": .array(decoding.dynamic.map { Self.rounded($0) }),
                "static": .array(decoding.fixed.map { Self.rounded($0) }),
            ]
        default: return nil
        }
    }

    private static func table(_ rows: [[Double]]) -> JSONValue {
        .array(rows.map { .array($0.map { rounded($0) }) })
    }

    /// Seven digits after the point; null for what is not there.
    private static func rounded(_ value: Double) -> JSONValue {
        value.isFinite ? .double((value * 1e7).rounded() / 1e7) : .null
    }
}
