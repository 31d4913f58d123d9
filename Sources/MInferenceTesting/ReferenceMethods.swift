import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The selections of published methods, slowly and straight from their papers: for each row block its key blocks.
///
/// Nothing here shares code with the methods that it checks.
public struct ReferenceMethods: Sendable {
    private let attention: ReferenceAttention
    private var shape: AttentionShape { attention.shape }

    /// Selections over `attention`.
    public init(_ attention: ReferenceAttention) { self.attention = attention }

    /// XAttention (2503.16428): block 0, the own block, then the best until `threshold` of the mass is there.
    public func xAttention(head: Int, stride: Int, threshold: Double, blockSize: Int) -> [[Int]] {
        attention.antidiagonalScores(head: head, blockSize: blockSize, stride: stride).enumerated().map {
            rowBlock, scores in
            var kept = Set([0]).union(own(rowBlock, blockSize))
            var order = scores.indices.filter { !kept.contains($0) }
            order.sort { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
            let total = scores.reduce(0, +)
            for block in order where kept.reduce(0, { $0 + scores[$1] }) < threshold * total {
                kept.insert(block)
            }
            return kept.sorted()
        }
    }

    /// FlashPrefill V2 (2608.19758): energies of at least `alpha` times the largest, sinks, and the window.
    public func flashPrefill(head: Int, alpha: Double, sinks: Int, window: Int, blockSize: Int) -> [[Int]] {
        attention.pooledKeyEnergies(head: head, blockSize: blockSize).enumerated().map { rowBlock, energies in
            let own = own(rowBlock, blockSize)
            let highest = energies.max() ?? 0
            return (0...own.max()!).filter { block in
                block < sinks || block >= own.min()! - window + 1
                    || block < energies.count && energies[block] >= alpha * highest
            }
        }
    }

    /// FlexPrefill (2502.20766), and whether the head is query-aware.
    public func flexPrefill(
        head: Int, gamma: Double, tau: Double, minimumBudget: Int, blockSize: Int
    ) -> (rows: [[Int]], isQueryAware: Bool) {
        let (n, count) = (shape.keyCount, attention.blockCount(blockSize))
        let last = max(0, shape.queryCount - blockSize)..<shape.queryCount
        var (vertical, slash) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
        for row in last {
            for (key, probability) in attention.probabilities(head: head, row: row).enumerated() {
                vertical[key] += probability / Double(last.count)
                slash[shape.queryStart + row - key] += probability / Double(last.count)
            }
        }
        func pooled(_ lines: [Double]) -> [Double] {
            var blocks = [Double](repeating: 0, count: (n + blockSize - 1) / blockSize)
            for (line, mass) in lines.enumerated() { blocks[line / blockSize] += mass }
            return blocks
        }
        let estimate = attention.softmax(attention.pooledScores(head: head, blockSize: blockSize, rows: last))
        let isQueryAware = divergence(estimate, pooled(vertical)) < tau
        let least = (minimumBudget + blockSize - 1) / blockSize
        func best(_ lines: [Double]) -> [Int] {
            var (lineCount, sum) = (0, 0.0)
            for mass in lines.sorted(by: >) {
                sum += mass
                if sum > gamma { break }
                lineCount += 1
            }
            let budget = isQueryAware ? least : max(least, (lineCount + 1) / blockSize + 1)
            var blocks = pooled(lines)
            blocks[0] = .infinity
            let order = blocks.indices.sorted { blocks[$0] == blocks[$1] ? $0 < $1 : blocks[$0] > blocks[$1] }
            return Array(order.prefix(budget))
        }
        let (columns, distances) = (best(vertical), best(slash))
        var kept = (0..<count).map { row -> Set<Int> in
            let own = own(row, blockSize)
            return Set(own).union(columns.filter { $0 <= own.max()! })
                .union(own.flatMap { own in distances.map { own - $0 }.filter { $0 >= 0 } })
        }
        if isQueryAware {
            var entries: [(mass: Double, row: Int, block: Int)] = []
            for row in 0..<count {
                let rows = row * blockSize..<min((row + 1) * blockSize, shape.queryCount)
                let scores = attention.pooledScores(head: head, blockSize: blockSize, rows: rows)
                for (block, mass) in attention.softmax(scores).enumerated() {
                    entries.append((mass, row, block))
                }
            }
            entries.sort { ($0.mass, $1.row, $1.block) > ($1.mass, $0.row, $0.block) }
            var sum = 0.0
            for entry in entries {
                sum += entry.mass
                if sum > gamma * Double(count) { break }
                kept[entry.row].insert(entry.block)
            }
        }
        return (kept.map { $0.sorted() }, isQueryAware)
    }

    /// InfLLM (2402.04617): the keys that a row sees beyond its window, block by block.
    public func infLLM(
        _ request: MemoryRequest, sinks: Int, blocks: Int, rotary: RotaryTable
    ) -> [[Int]] {
        let relevance = attention.memoryRelevance(request, rotary: rotary)
        let first = sinks / request.blockSize
        return (0..<attention.blockCount(request.blockSize)).map { rowBlock in
            let chunk = rowBlock * request.blockSize / request.chunk
            let lastPosition = shape.queryStart + min((chunk + 1) * request.chunk, shape.queryCount) - 1
            guard lastPosition >= request.window else { return [] }
            let scores = relevance[chunk]
            let memory = scores.indices.filter { $0 >= first }.sorted {
                scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
            }
            let unfinished = (0...(lastPosition - request.window) / request.blockSize).filter {
                $0 >= scores.count && $0 >= first
            }
            return (Array(0..<first) + memory.prefix(blocks) + unfinished).sorted()
        }
    }

    private func own(_ rowBlock: Int, _ blockSize: Int) -> [Int] {
        let first = shape.queryStart + rowBlock * blockSize
        let last = shape.queryStart + min((rowBlock + 1) * blockSize, shape.queryCount) - 1
        return Array(first / blockSize...last / blockSize)
    }

    private func divergence(_ p: [Double], _ q: [Double]) -> Double {
        func relative(_ a: Double, _ b: Double) -> Double { a == 0 ? 0 : a * log(2 * a / (a + b)) }
        return (0.5 * zip(p, q).reduce(0) { $0 + relative($1.0, $1.1) + relative($1.1, $1.0) }).squareRoot()
    }
}
