import JSON

/// One head's `[type, size, size, score]`, and where it stands for messages.
package struct PatternEntry {
    let layer: Int
    let head: Int
    /// Whether block-sparse heads keep the number of blocks that the file says.
    let keepsBlockCounts: Bool
    private(set) var notes: [String] = []

    /// The reference keeps this many blocks whatever the file says.
    private static let topBlocks = 100

    package init(layer: Int, head: Int, keepsBlockCounts: Bool) {
        self.layer = layer
        self.head = head
        self.keepsBlockCounts = keepsBlockCounts
    }

    /// Reads the entry.
    package mutating func read(_ value: JSONValue) throws(PatternsError) -> HeadPatterns.Head {
        guard let fields = value.array, fields.count == 4 else {
            throw invalid("expected [type, size, size, score]")
        }
        guard let type = fields[0].string else { throw invalid("the type is no string") }
        guard let score = fields[3].double else { throw invalid("the score is no number") }
        let pattern: HeadPattern
        switch type {
        case "vertical_and_slash":
            pattern = .verticalSlash(verticals: try size(fields[1]), slashes: try size(fields[2]))
        case "flex_vertical_and_slash": pattern = .verticalSlash(try massBudget(fields[1], fields[2]))
        case "stream_llm": pattern = .aShape(sinks: try size(fields[1]), local: try size(fields[2]))
        case "block_sparse":
            let (blocks, _) = (try size(fields[1]), try size(fields[2]))
            pattern = .blockSparse(topBlocks: keepsBlockCounts ? blocks : Self.topBlocks)
        case "dense": pattern = .dense
        default: throw .unknownType(layer: layer, head: head, found: type)
        }
        return HeadPatterns.Head(pattern: pattern, score: score)
    }

    private func invalid(_ reason: String) -> PatternsError {
        .invalidEntry(layer: layer, head: head, reason: reason)
    }

    private func size(_ value: JSONValue) throws(PatternsError) -> Int {
        guard let size = value.int, (0...Int(Int32.max)).contains(size) else {
            throw invalid("size \(value.text()) is no count of tokens")
        }
        return size
    }

    /// `[gamma, cap]` for columns and for distances. One mass governs both here, so the larger gamma counts; a cap up
    /// to 1 is a density, a larger one a number of lines, which a mass budget has no use for.
    private mutating func massBudget(
        _ columns: JSONValue, _ distances: JSONValue
    ) throws(PatternsError) -> VerticalSlashBudget {
        var (gamma, density) = (0.0, 0.0)
        for value in [columns, distances] {
            guard let pair = value.array, pair.count == 2, let share = pair[0].double,
                let cap = pair[1].double,
                share > 0, share <= 1, cap > 0
            else { throw invalid("expected [gamma, cap] with gamma in 0...1, found \(value.text())") }
            gamma = max(gamma, share)
            density = max(density, cap)
        }
        if density > 1 {
            notes.append(
                "layer \(layer), head \(head): the cap of \(FixedPoint.text(density, digits: 0)) lines is not used"
            )
        }
        return .mass(Float(gamma), maximumDensity: Float(min(density, 1)))
    }
}
