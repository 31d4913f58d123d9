import SparseAttention

/// Moves the free sizes of a space's families until their costs meet targets, for one head.
struct CandidateMatcher: Sendable {
    let space: SearchSpace
    /// Costs of a head, ascending.
    let targets: [Double]
    let cost: KernelCost
    let shape: AttentionShape
    let geometry: AttentionGeometry

    /// For each target and family the largest pattern within the target, each once.
    func candidates(_ sums: LineSums) -> [HeadPattern] {
        var patterns: [HeadPattern] = []
        for target in targets {
            for family in space.families {
                if let pattern = match(family, target: target, sums: sums), !patterns.contains(pattern) {
                    patterns.append(pattern)
                }
            }
        }
        return patterns
    }

    /// The largest pattern of a family whose cost is within the target; nil when even the least is above.
    private func match(_ family: CandidateFamily, target: Double, sums: LineSums) -> HeadPattern? {
        let step = family.step(space.step)
        let least = family.leastSize(step: space.step)
        func fits(_ steps: Int) -> Bool {
            let pattern = family.pattern(size: least + steps * step)
            return cost(of: pattern, sums: sums) <= target
        }
        guard fits(0) else { return nil }
        var (low, high) = (0, max((shape.keyCount - least) / step, 0) + 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return family.pattern(size: least + low * step)
    }

    private func cost(of pattern: HeadPattern, sums: LineSums) -> Double {
        guard case .blockSparse(let topBlocks) = pattern.storage else {
            return cost.cost(
                of: .slashes(slashIndex(pattern, sums: sums)), pattern: pattern, shape: shape,
                geometry: geometry)
        }
        // Which blocks are kept changes little: all but a row block's own count whole.
        return cost.cost(
            of: .blocks(leadingBlocks(topBlocks)), pattern: pattern, shape: shape, geometry: geometry)
    }

    /// As many blocks of each row block as a block-sparse head keeps, the nearest ones.
    private func leadingBlocks(_ count: Int) -> BlockIndex {
        let size = PatternSelection.blockSize
        let first = shape.queryStart / size
        let rows = (0..<(shape.queryCount + size - 1) / size).map { row -> [Int32] in
            let own = first + row
            return (max(own - count + 1, 0)...own).map { Int32($0) }
        }
        return BlockIndex(blockSize: size, rows: rows)
    }

    private func slashIndex(_ pattern: HeadPattern, sums: LineSums) -> SlashIndex {
        switch pattern.storage {
        case .aShape(let sinks, let local): .aShape(sinks: sinks, local: local)
        case .verticalSlash(let budget):
            VerticalSlashSelection.select(sums, budget: budget, shape: shape, geometry: geometry)
        case .dense, .blockSparse, .named: .dense
        }
    }
}
