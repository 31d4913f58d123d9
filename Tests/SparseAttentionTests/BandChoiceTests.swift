import MInferenceTesting
import SparseAttention
import Testing

private let kernel = AttentionGeometry(rowBlock: 64, keyGroup: 4)

@Suite("Lines or a local band")
struct BandChoiceTests {
    @Test("the choice is that of a plain implementation", arguments: [0, 300])
    func agrees(start: Int) throws {
        let attention = try exampleAttention(heads: 6, kvHeads: 2, start: start, count: 1400)
        let probe = ArrayProbe(attention, geometry: kernel)
        let reference = ReferenceBandChoice(attention, geometry: kernel)
        let forcing = VerticalSlashForcing(sinks: 8, local: 16, minimumVerticals: 0, minimumSlashes: 0)
        var method = MInferenceMethod(
            budget: .mass(0.95, maximumDensity: 0.4, forcing: forcing), rules: .never)
        let chosen = try method.select(layer: 0, probe: probe)
        method.bandRows = 0
        let lines = try method.select(layer: 0, probe: probe)
        for head in 0..<6 {
            let width = reference.width(
                head: head, lines: lines[head].index, rowCount: 4, tailRows: 128, sinks: 8, local: 16)
            if let width {
                #expect(chosen[head].index == .slashes(.aShape(sinks: 8, local: width)))
                #expect(chosen[head].pattern == .aShape(sinks: 8, local: width))
                #expect(Double(chosen[head].computedPairs) <= 1.05 * Double(lines[head].computedPairs))
            } else {
                #expect(chosen[head] == lines[head])
            }
        }
    }

    @Test("a head whose rows attend neighbours takes the band, one whose rows attend the columns does not")
    func bothWays() throws {
        for attendsColumns in [false, true] {
            let probe = QuestionProbe(keyCount: 4096, attendsColumns: attendsColumns)
            let selection = try MInferenceMethod(
                budget: .mass(0.9, maximumDensity: 0.3), rules: .never
            ).select(layer: 0, probe: probe)[0]
            #expect(selection.pattern.name == (attendsColumns ? "vertical-slash" : "a-shape"))
        }
    }

    @Test("counts and patterns of a file are followed as they are")
    func otherPatterns() throws {
        let probe = QuestionProbe(keyCount: 4096, attendsColumns: false)
        for pattern in [
            HeadPattern.verticalSlash(verticals: 900, slashes: 100), .aShape(sinks: 4, local: 900),
        ] {
            let patterns = HeadPatterns(repeating: pattern, layers: 1, heads: 1)
            let selection = try MInferenceMethod(patterns: patterns, rules: .never).select(
                layer: 0, probe: probe)[0]
            #expect(selection.pattern == pattern)
            #expect(probe.exactRows.isEmpty)
        }
    }

    @Test("rows are spread over the prompt before its dense end", arguments: [1, 64, 128, 200, 1000, 32768])
    func rows(queryCount: Int) {
        let shape = AttentionShape(
            heads: 1, kvHeads: 1, headDimension: 8, queryStart: 70, queryCount: queryCount)
        let rows = BandChoice(rowCount: 4, tailRows: 128).rows(of: shape)
        #expect(rows.count == min(4, max(queryCount - 128, 0) / 64))
        #expect(rows.allSatisfy { (0..<max(queryCount - 128, 0)).contains($0) })
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
        if queryCount == 32768 {
            #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 <= 9000 })
            #expect(Set(rows.map { $0 % 64 }).count == 4)
        }
        #expect(BandChoice(rowCount: 0, tailRows: 128).rows(of: shape).isEmpty)
    }
}

/// One head whose last rows attend every eighth key; other rows attend those keys, or their last 800 neighbours.
private final class QuestionProbe: AttentionProbe {
    let shape: AttentionShape
    let geometry = kernel
    let attendsColumns: Bool
    private(set) var exactRows: [Int] = []

    init(keyCount: Int, attendsColumns: Bool) {
        shape = CoverageCase.oneHead(count: keyCount)
        self.attendsColumns = attendsColumns
    }

    func lastRowSums(heads: [Int], rows: Int) -> [LineSums] {
        var sums = LineSums(
            columns: [Float](repeating: 0, count: shape.keyCount),
            distances: [Float](repeating: 0, count: shape.keyCount), rows: rows)
        for row in shape.keyCount - rows..<shape.keyCount {
            for key in stride(from: 0, through: row, by: 8) {
                let mass = 8 / Float(row + 8)
                sums.columns[key] += mass
                sums.distances[row - key] += mass
            }
        }
        return heads.map { _ in sums }
    }

    func topKeyBlocks(heads: [Int], blockSize: Int, count: Int) -> [BlockIndex] { [] }

    func probabilities(head: Int, row: Int) -> [Float] {
        exactRows.append(row)
        return (0...row).map { key in
            attendsColumns ? (key % 8 == 0 ? 8 / Float(row + 8) : 0) : (row - key < 800 ? 1 : 0)
        }
    }
}
