import SparseAttention

/// The patterns that a search tries: families with one free size that is moved until the cost meets a target, or a fixed
/// list.
public enum SearchSpace: String, Sendable, Hashable, CaseIterable {
    /// The paper's families in its steps of 50 tokens. Source: MInference, table 7.
    case paper
    /// Smaller first sizes in steps of 8, for targets of a few percent of dense attention.
    case fine
    /// The list of the reference's released search, whatever it costs.
    case released

    /// The families; none for a list.
    var families: [CandidateFamily] {
        switch self {
        case .paper:
            [.aShape(sinks: 1024)] + [30, 100, 500].map { .distances(columns: $0) } + [
                .columns(distances: 200), .blocks,
            ]
        case .fine:
            [16, 64, 256, 1024].map { .aShape(sinks: $0) } + [30, 100, 500].map { .distances(columns: $0) }
                + [.columns(distances: 100), .blocks]
        case .released: []
        }
    }

    /// How far a free size moves at a time, in tokens.
    var step: Int { self == .fine ? 8 : 50 }

    /// The fixed list. Source: the reference's `search_pattern`; its block-sparse keeps an eighth of the blocks of 32.
    func list(shape: AttentionShape) -> [HeadPattern] {
        guard self == .released else { return [] }
        let blocks = (shape.keyCount + PatternSelection.blockSize - 1) / PatternSelection.blockSize
        return [.aShape(sinks: 100, local: 800)]
            + [(30, 800), (100, 750), (500, 700), (3500, 100)].map {
                .verticalSlash(verticals: $0.0, slashes: $0.1)
            } + [.blockSparse(topBlocks: max(blocks / 8, 1))]
    }
}

/// Patterns of one shape with one free size.
enum CandidateFamily: Hashable {
    /// A-shape; the window is free.
    case aShape(sinks: Int)
    /// Vertical-slash; the number of distances is free.
    case distances(columns: Int)
    /// Vertical-slash; the number of columns is free.
    case columns(distances: Int)
    /// Block-sparse; the number of blocks is free.
    case blocks

    /// The pattern of a free size; blocks count in tokens like the others.
    func pattern(size: Int) -> HeadPattern {
        switch self {
        case .aShape(let sinks): .aShape(sinks: sinks, local: size)
        case .distances(let columns): .verticalSlash(verticals: columns, slashes: size)
        case .columns(let distances): .verticalSlash(verticals: size, slashes: distances)
        case .blocks: .blockSparse(topBlocks: max(size / PatternSelection.blockSize, 1))
        }
    }

    /// The least free size: what the online selection forces anyway, or one step.
    func leastSize(step: Int) -> Int {
        switch self {
        case .aShape: step
        case .distances: max(100, step)
        case .columns: max(30, step)
        case .blocks: PatternSelection.blockSize
        }
    }

    /// The step of the free size.
    func step(_ step: Int) -> Int {
        self == .blocks ? PatternSelection.blockSize : step
    }
}
