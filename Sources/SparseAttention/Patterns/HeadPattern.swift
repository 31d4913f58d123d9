/// How one attention head's index is chosen.
public struct HeadPattern: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case dense
        case verticalSlash(VerticalSlashBudget)
        case aShape(sinks: Int, local: Int)
        case blockSparse(topBlocks: Int)
        case named(String, detail: String)
    }
    package let storage: Storage

    /// Every key.
    public static let dense = HeadPattern(storage: .dense)

    /// The key columns and query-key distances that the last rows attend most.
    ///
    /// Source: MInference, section 3.1, "vertical-slash".
    public static func verticalSlash(_ budget: VerticalSlashBudget) -> Self {
        Self(storage: .verticalSlash(budget))
    }

    /// Vertical-slash with the reference's absolute counts.
    public static func verticalSlash(verticals: Int, slashes: Int) -> Self {
        .verticalSlash(.fixed(verticals: verticals, slashes: slashes))
    }

    /// The first `sinks` keys and the last `local` ones.
    ///
    /// Source: StreamingLLM; MInference's "A-shape".
    public static func aShape(sinks: Int, local: Int) -> Self {
        Self(storage: .aShape(sinks: sinks, local: local))
    }

    /// The `topBlocks` best key blocks of 64 for each block of 64 rows, by mean-pooled queries and keys.
    ///
    /// Source: MInference, section 3.1, "block-sparse".
    public static func blockSparse(topBlocks: Int) -> Self {
        Self(storage: .blockSparse(topBlocks: topBlocks))
    }

    /// What a method chose that is none of the patterns above, by a name for reports.
    ///
    /// Such a pattern cannot be asked for by itself: it belongs to its method.
    package static func named(_ name: String, detail: String = "") -> Self {
        Self(storage: .named(name, detail: detail))
    }

    /// What the reference computes for heads that its file does not name.
    public static let referenceDefault = verticalSlash(verticals: 1000, slashes: 6096)

    /// The pattern's name without its sizes: `dense`, `vertical-slash`, `a-shape`, `block-sparse`, or a method's.
    public var name: String {
        switch storage {
        case .dense: "dense"
        case .verticalSlash: "vertical-slash"
        case .aShape: "a-shape"
        case .blockSparse: "block-sparse"
        case .named(let name, _): name
        }
    }

    /// The next larger pattern of the same kind, towards dense; dense itself for a method's own pattern.
    func widened() -> Self {
        switch storage {
        case .dense: .dense
        case .verticalSlash(let budget): .verticalSlash(budget.widened())
        case .aShape(let sinks, let local):
            .aShape(sinks: min(max(sinks, 1), .max / 2) * 2, local: min(max(local, 64), .max / 2) * 2)
        case .blockSparse(let topBlocks): .blockSparse(topBlocks: min(max(topBlocks, 1), .max / 2) * 2)
        case .named: .dense
        }
    }
}

extension HeadPattern: CustomStringConvertible {
    /// The name with its sizes: `vertical-slash 1000,6096`, `a-shape 1024,4096`, `dense`.
    public var description: String {
        switch storage {
        case .dense: name
        case .verticalSlash(let budget): "\(name) \(budget)"
        case .aShape(let sinks, let local): "\(name) \(sinks),\(local)"
        case .blockSparse(let topBlocks): "\(name) \(topBlocks)"
        case .named(let name, let detail): detail.isEmpty ? name : "\(name) \(detail)"
        }
    }
}
