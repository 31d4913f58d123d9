import Compute
import SparseAttention

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What methods estimate, from the papers' formulas.
extension ReferenceAttention {
    /// A run of rows' probabilities, summed over each key and over each distance.
    public func rowSums(head: Int, rows: Range<Int>) -> LineSums {
        var columns = [Double](repeating: 0, count: shape.queryStart + rows.upperBound)
        var distances = columns
        for row in rows {
            for (key, probability) in probabilities(head: head, row: row).enumerated() {
                columns[key] += probability
                distances[shape.queryStart + row - key] += probability
            }
        }
        return LineSums(
            columns: columns.map(Float.init), distances: distances.map(Float.init), rows: rows.count)
    }

    /// The scaled product of the mean query of `rows` and the mean of each key block up to that of the last row.
    public func pooledScores(head: Int, blockSize: Int, rows: Range<Int>) -> [Double] {
        let query = mean(rows.map { queryVector(head: head, row: $0) })
        return (0...(shape.queryStart + rows.upperBound - 1) / blockSize).map { block in
            scale * product(query, meanKey(head: head, block: block, size: blockSize))
        }
    }

    /// XAttention, algorithm 1: for each block of rows, the softmax of antidiagonal sums, added up by key block.
    public func antidiagonalScores(head: Int, blockSize: Int, stride: Int) -> [[Double]] {
        let dimension = shape.headDimension
        let zero = [Double](repeating: 0, count: dimension)
        func row(_ row: Int) -> [Double] {
            row < shape.queryCount ? queryVector(head: head, row: row) : zero
        }
        func column(_ key: Int) -> [Double] {
            key < shape.keyCount ? keyVector(head: head, key) : zero
        }
        return (0..<blockCount(blockSize)).map { rowBlock in
            let last = min((rowBlock + 1) * blockSize, shape.queryCount) - 1
            var scores = [Double](repeating: 0, count: (shape.queryStart + last) / blockSize + 1)
            for run in rowBlock * blockSize / stride...last / stride {
                // Runs of keys that begin no later than the run of rows.
                let visible = 0...(shape.queryStart + run * stride) / stride
                let sums = visible.map { keyRun in
                    (0..<stride).reduce(0.0) { sum, part in
                        sum + product(row(run * stride + stride - 1 - part), column(keyRun * stride + part))
                    } * scale / Double(stride)
                }
                for (keyRun, probability) in softmax(sums).enumerated() {
                    scores[keyRun * stride / blockSize] += probability
                }
            }
            return scores
        }
    }

    /// FlashPrefill V2, section 3.2: for each block of rows the energy of every whole key block.
    public func pooledKeyEnergies(head: Int, blockSize: Int) -> [[Double]] {
        let means = (0..<shape.keyCount / blockSize).map { meanKey(head: head, block: $0, size: blockSize) }
        return (0..<blockCount(blockSize)).map { rowBlock in
            let rows = rowBlock * blockSize..<min((rowBlock + 1) * blockSize, shape.queryCount)
            let blocks = 0..<(shape.queryStart + rows.upperBound) / blockSize
            let scores = rows.map { row in
                blocks.map { block -> Double in
                    shape.queryStart + row >= block * blockSize
                        ? scale * product(queryVector(head: head, row: row), means[block]) : -.infinity
                }
            }
            let highest = scores.flatMap { $0 }.max() ?? 0
            return blocks.map { block in scores.reduce(0) { $0 + exp($1[block] - highest) } }
        }
    }

    /// InfLLM, section 3.2: for each chunk of rows the relevance of every block that its window has left behind.
    public func memoryRelevance(_ request: MemoryRequest, rotary: RotaryTable) -> [[Double]] {
        let size = request.blockSize
        let firsts = Array(stride(from: 0, to: shape.queryCount, by: request.chunk))
        let counts = firsts.map { max(0, (shape.queryStart + $0 - request.window) / size) }
        var relevance = counts.map { [Double](repeating: 0, count: $0) }
        for head in 0..<shape.heads {
            let stills = (0..<(counts.max() ?? 0)).map { block in
                mean(
                    representatives(head: head, block: block, request).map {
                        ReferenceRotation.moved(keyVector(head: head, $0), from: $0, to: 0, by: rotary)
                    })
            }
            for (chunk, first) in firsts.enumerated() where counts[chunk] > 0 {
                let far = mean(
                    (first..<min(first + request.chunk, shape.queryCount)).map {
                        ReferenceRotation.moved(
                            queryVector(head: head, row: $0), from: shape.queryStart + $0, to: request.window,
                            by: rotary)
                    })
                for block in 0..<counts[chunk] { relevance[chunk][block] += product(far, stills[block]) }
            }
        }
        return relevance
    }

    /// The tokens that stand for a block: those with the highest mean product with the rows of the window after them.
    private func representatives(head: Int, block: Int, _ request: MemoryRequest) -> [Int] {
        let tokens = Array(block * request.blockSize..<(block + 1) * request.blockSize)
        let scores = tokens.map { token -> Double in
            let rows = (token + 1...token + request.window).map { $0 - shape.queryStart }
                .filter { $0 >= 0 && $0 < shape.queryCount }
            guard !rows.isEmpty else { return 0 }
            return product(
                mean(rows.map { queryVector(head: head, row: $0) }),
                keyVector(head: head, token))
        }
        let order = tokens.indices.sorted { scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1] }
        return order.prefix(request.representatives).map { tokens[$0] }
    }

    func blockCount(_ blockSize: Int) -> Int { (shape.queryCount + blockSize - 1) / blockSize }

    func softmax(_ scores: [Double]) -> [Double] {
        let highest = scores.max() ?? 0
        let exponentials = scores.map { exp($0 - highest) }
        let total = exponentials.reduce(0, +)
        return exponentials.map { $0 / total }
    }

    func product(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for index in a.indices { sum += a[index] * b[index] }
        return sum
    }

    func meanKey(head: Int, block: Int, size: Int) -> [Double] {
        mean((block * size..<min((block + 1) * size, shape.keyCount)).map { keyVector(head: head, $0) })
    }
}
