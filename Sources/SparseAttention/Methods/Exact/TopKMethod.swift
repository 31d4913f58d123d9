/// The exact best keys, for analysis: what selection could reach if estimating cost nothing.
///
/// Source: MInference (arXiv 2407.02490), figure 2 and table 1, k = 4096. Finding them costs as much as dense attention.
public struct TopKMethod: AttentionMethod {
    /// What is ranked.
    public enum Scope: String, Sendable, CaseIterable {
        /// Key columns, by the mass that all rows together give them; the same for all rows of a head.
        case columns
        /// Each row's own keys.
        case rows
    }

    /// The number of columns, or of keys of each row.
    public var count: Int
    /// What is ranked.
    public var scope: Scope
    /// With columns, the distances that are kept beside them, so that every row has a key.
    public var local: Int

    /// The paper's 4096 columns unless given.
    public init(count: Int = 4096, scope: Scope = .columns, local: Int = 1) {
        self.count = count
        self.scope = scope
        self.local = local
    }

    /// `top-k:k=...,by=columns,local=...` or `top-k:k=...,by=rows`.
    public var specification: String {
        "top-k:k=\(count),by=\(scope.rawValue)" + (scope == .columns ? ",local=\(local)" : "")
    }

    /// The exact masks of all heads of a call may take this much.
    private static let maskBytes = 4 << 30

    /// One selection per head.
    public func select(layer: Int, probe: any AttentionProbe) throws -> [HeadSelection] {
        let heads = Array(0..<probe.shape.heads)
        let pattern = HeadPattern.named("top-k", detail: "\(count) \(scope.rawValue)")
        let indexes: [AttentionIndex]
        switch scope {
        case .columns:
            indexes = try columns(heads: heads, probe: probe).map { columns in
                .slashes(
                    SlashIndex(distances: local > 0 ? [0..<Int32(clamping: local)] : [], columns: columns))
            }
        case .rows:
            let bytes = heads.count * (probe.shape.queryCount + 63) / 64 * 8 * probe.shape.keyCount
            guard bytes <= Self.maskBytes else {
                throw AttentionProbeError.maskTooLarge(bytes: bytes, limit: Self.maskBytes)
            }
            indexes = try heads.map { .mask(try probe.topKeys(head: $0, count: count)) }
        }
        return indexes.map {
            HeadSelection(index: $0, pattern: pattern, shape: probe.shape, geometry: probe.geometry)
        }
    }

    /// The best columns of each head by their mass over all rows.
    private func columns(heads: [Int], probe: any AttentionProbe) throws -> [[Int32]] {
        let shape = probe.shape
        var masses = heads.map { _ in [Float](repeating: 0, count: shape.keyCount) }
        for start in stride(from: 0, to: shape.queryCount, by: 64) {
            let rows = start..<min(start + 64, shape.queryCount)
            for (head, sums) in try probe.rowSums(heads: heads, rows: rows).enumerated() {
                for (key, mass) in sums.columns.enumerated() { masses[head][key] += mass }
            }
        }
        return masses.map { TopLines.select($0, count: count) }
    }
}

extension AttentionMethods {
    static let topK = Entry(
        name: "top-k", summary: "the exact best keys, for analysis; costs more than dense",
        options: [
            Option(key: "k", summary: "columns, or keys of each row (4096)"),
            Option(key: "by", summary: "columns: by the mass of all rows; rows: each row's own (columns)"),
            Option(key: "local", summary: "with columns, distances kept beside them (1)"),
        ]
    ) { specification, _ in
        TopKMethod(
            count: try specification.integer("k", atLeast: 1) ?? 4096,
            scope: try specification.word("by", TopKMethod.Scope.self) ?? .columns,
            local: try specification.integer("local", atLeast: 1) ?? 1)
    }
}
