import JSON

extension SparsityReport {
    /// The run in one object: `method`, `density`, `recall` and `minimumRecall` (null when not sampled),
    /// `estimateSeconds`, `attendSeconds`, `denseHeads`.
    public var summary: JSONValue {
        [
            "method": .string(method), "density": .double(density), "recall": Self.number(recall?.mean),
            "minimumRecall": Self.number(recall?.minimum), "estimateSeconds": .double(estimateSeconds),
            "attendSeconds": .double(attendSeconds), "denseHeads": .int(denseHeads),
        ]
    }

    /// The summary's members, and `layers`: for each layer its own figures and `heads`, for each head `pattern`,
    /// `density`, `recall`, `minimumRecall`, `calls`, `denseCalls`, `denseReason` (null or `{code, description}`) and, if
    /// masks were drawn, `mask`: `cellSize` and `rows`, a text of hexadecimal digits for each row of cells, from 0
    /// (nothing of the cell was computed) to f (all of its causal pairs).
    public var json: JSONValue {
        let layers = layers.enumerated().map { number, layer -> JSONValue in
            [
                "layer": .int(number), "density": .double(layer.density),
                "recall": Self.number(layer.recall?.mean),
                "minimumRecall": Self.number(layer.recall?.minimum),
                "estimateSeconds": .double(layer.estimateSeconds),
                "attendSeconds": .double(layer.attendSeconds),
                "heads": .array(layer.heads.enumerated().map { Self.json(of: $1, number: $0) }),
            ]
        }
        return .object((summary.members ?? []) + [.init(key: "layers", value: .array(layers))])
    }

    private static func json(of head: HeadReport, number: Int) -> JSONValue {
        let figures: JSONValue = [
            "head": .int(number), "pattern": .string(head.pattern.description),
            "density": .double(head.density),
            "recall": Self.number(head.recall?.mean), "minimumRecall": Self.number(head.recall?.minimum),
            "calls": .int(head.calls), "denseCalls": .int(head.denseCalls),
            "denseReason": head.denseReason.map {
                ["code": .string($0.code), "description": .string($0.description)]
            } ?? .null,
        ]
        let mask = head.mask.map { [JSONValue.Member(key: "mask", value: json(of: $0))] } ?? []
        return .object((figures.members ?? []) + mask)
    }

    private static func json(of mask: HeadMask) -> JSONValue {
        let rows = (0..<mask.side).map { row in
            JSONValue.string(
                (0...row).map { key in
                    // Whatever was computed shows.
                    String(Int((15 * (mask[row, key] ?? 0)).rounded(.up)), radix: 16)
                }.joined())
        }
        return ["cellSize": .int(mask.cellSize), "rows": .array(rows)]
    }

    private static func number(_ value: Double?) -> JSONValue { value.map { .double($0) } ?? .null }
}
