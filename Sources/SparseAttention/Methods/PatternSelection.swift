/// Turns the patterns of a layer's heads into indexes, with as few calls of the probe as there are kinds of patterns.
package enum PatternSelection {
    /// The block size of block-sparse heads. Source: MInference, section 3.
    package static let blockSize = 64

    /// One selection per entry of `heads`, in order.
    package static func select(
        heads: [Int], patterns: [HeadPattern], rules: DenseRules, probe: any AttentionProbe
    ) throws -> [HeadSelection] {
        precondition(heads.count == patterns.count, "one pattern per head")
        let (shape, geometry) = (probe.shape, probe.geometry)
        let crossover = rules.crossover ?? DenseRules.crossover(shape: shape, geometry: geometry)
        guard shape.keyCount >= crossover else {
            let reason = DenseReason.shortPrompt(keyCount: shape.keyCount, crossover: crossover)
            return patterns.map { .dense($0, shape: shape, reason: $0 == .dense ? nil : reason) }
        }
        let indexes = try indexes(heads: heads, patterns: patterns, probe: probe)
        // Counting the pairs of a long index takes a processor a millisecond, and a GPU waits for it.
        return Array(zip(indexes, patterns)).parallelMap { index, pattern in
            if pattern == .dense { return .dense(pattern, shape: shape, reason: nil) }
            let selection = HeadSelection(index: index, pattern: pattern, shape: shape, geometry: geometry)
            return rules.applied(to: selection, shape: shape)
        }
    }

    private static func indexes(
        heads: [Int], patterns: [HeadPattern], probe: any AttentionProbe
    ) throws -> [AttentionIndex] {
        var indexes = [AttentionIndex](repeating: .dense, count: heads.count)
        var verticalSlash: [(place: Int, request: VerticalSlashRequest)] = []
        var blockSparse: [Int: [Int]] = [:]
        for (place, pattern) in patterns.enumerated() {
            switch pattern.storage {
            case .dense: break
            case .named(let name, _): preconditionFailure("\(name) is selected by its method")
            case .aShape(let sinks, let local): indexes[place] = .slashes(.aShape(sinks: sinks, local: local))
            case .verticalSlash(let budget):
                verticalSlash.append((place, VerticalSlashRequest(head: heads[place], budget: budget)))
            case .blockSparse(let topBlocks): blockSparse[topBlocks, default: []].append(place)
            }
        }
        if !verticalSlash.isEmpty {
            for (entry, index) in zip(verticalSlash, try probe.verticalSlash(verticalSlash.map(\.request))) {
                indexes[entry.place] = .slashes(index)
            }
        }
        for (topBlocks, places) in blockSparse.sorted(by: { $0.key < $1.key }) {
            let chosen = try probe.topKeyBlocks(
                heads: places.map { heads[$0] }, blockSize: blockSize, count: max(topBlocks, 1))
            for (place, index) in zip(places, chosen) {
                indexes[place] = .blocks(index.withKeyForEveryRow(queryStart: probe.shape.queryStart))
            }
        }
        return indexes
    }
}
