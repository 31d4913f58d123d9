import JSON
import SparseAttention
import Testing

@Suite("Sparsity reports")
struct SparsityReportTests {
    private let geometry = AttentionGeometry(rowBlock: 64, keyGroup: 4)

    /// Two chunks of two layers with two heads; the first chunk is below the crossover.
    private func example(recalls: Bool) -> SparsityReport {
        var report = SparsityReport(method: "minference:gamma=0.9", layers: 2, heads: 2)
        for layer in 0..<2 {
            let first = CoverageCase.oneHead(count: 1000)
            let pattern = HeadPattern.verticalSlash(.mass(0.9))
            report.record(
                layer: layer,
                selections: [HeadSelection](
                    repeating: .dense(
                        pattern, shape: first, reason: .shortPrompt(keyCount: 1000, crossover: 1500)),
                    count: 2),
                recalls: recalls
                    ? [RecallSample](repeating: .init(mean: 1, minimum: 1, rows: 8), count: 2) : nil,
                shape: first, geometry: geometry)
            let second = CoverageCase.oneHead(start: 1000, count: 1000)
            let sparse = HeadSelection(
                index: .slashes(.aShape(sinks: 4, local: 128)), pattern: pattern, shape: second,
                geometry: geometry)
            report.record(
                layer: layer,
                selections: [
                    sparse, .dense(pattern, shape: second, reason: .highDensity(0.75, maximum: 0.6)),
                ],
                recalls: recalls
                    ? [.init(mean: 0.5, minimum: 0.25, rows: 8), .init(mean: 1, minimum: 1, rows: 8)] : nil,
                shape: second, geometry: geometry)
            report.setSeconds(layer: layer, estimate: 0.125, attend: 0.75)
        }
        return report
    }

    @Test("densities are weighted by pairs, recalls by rows")
    func aggregates() {
        let report = example(recalls: true)
        let chunks = [CoverageCase.oneHead(count: 1000), CoverageCase.oneHead(start: 1000, count: 1000)]
        let sparse = AttentionIndex.slashes(.aShape(sinks: 4, local: 128))
            .computedPairs(shape: chunks[1], geometry: geometry)
        let causal = chunks[0].causalPairs + chunks[1].causalPairs
        let head = report.layers[1].heads[0]
        #expect(head.density == Double(chunks[0].causalPairs + sparse) / Double(causal))
        #expect(report.layers[1].heads[1].density == 1)
        #expect(abs(report.density - (head.density + 1) / 2) < 1e-12)
        #expect(head.recall == RecallSample(mean: 0.75, minimum: 0.25, rows: 16))
        #expect(report.recall == RecallSample(mean: 0.875, minimum: 0.25, rows: 64))
        #expect((head.calls, head.denseCalls, head.isDense) == (2, 1, false))
        #expect(report.denseHeads == 2)
        #expect((report.estimateSeconds, report.attendSeconds) == (0.25, 1.5))
    }

    @Test("the summary has the members of the command line's object")
    func summary() {
        let sampled = example(recalls: true).summary
        #expect(sampled["method"]?.string == "minference:gamma=0.9")
        #expect(sampled["recall"]?.double == 0.875)
        #expect(sampled["minimumRecall"]?.double == 0.25)
        #expect(sampled["denseHeads"]?.int == 2)
        let blind = example(recalls: false).summary
        #expect(blind["recall"] == .null && blind["minimumRecall"] == .null)
        #expect(
            blind.members?.map(\.key) == [
                "method", "density", "recall", "minimumRecall", "estimateSeconds", "attendSeconds",
                "denseHeads",
            ])
    }

    @Test("every head is in the full object, and the text is JSON")
    func json() throws {
        let json = try JSONValue(parsing: example(recalls: true).json.text(pretty: true))
        let heads = try #require(json["layers"]?.array?[1]["heads"]?.array)
        #expect(heads.count == 2)
        #expect(heads[0]["pattern"]?.string == "vertical-slash 90%")
        #expect(heads[0]["recall"]?.double == 0.75)
        #expect(heads[1]["denseReason"]?["code"]?.string == "high-density")
        #expect(heads[1]["denseReason"]?["description"]?.string == "density 75% is above 60%")
    }

    @Test("the table fits in 100 columns", arguments: [1, 6, 15, 32, 64])
    func table(heads: Int) {
        var report = SparsityReport(method: "a-shape:sinks=4,local=128", layers: 3, heads: heads)
        let shape = CoverageCase.oneHead(count: 3000)
        let selection = HeadSelection(
            index: .slashes(.aShape(sinks: 4, local: 128)), pattern: .aShape(sinks: 4, local: 128),
            shape: shape,
            geometry: geometry)
        report.record(
            layer: 1, selections: [HeadSelection](repeating: selection, count: heads),
            recalls: [RecallSample](repeating: .init(mean: 0.875, minimum: 0.5, rows: 8), count: heads),
            shape: shape, geometry: geometry)
        report.setSeconds(layer: 1, estimate: 0.001, attend: 12.5)
        let lines = report.table.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.utf8.count <= 100 })
        #expect(report.table.contains("\(heads) a-shape"))
        #expect(report.table.contains("87.5"))
    }

    @Test("an empty report is no division by zero")
    func empty() {
        let report = SparsityReport(method: "dense", layers: 0, heads: 0)
        #expect(report.density == 1 && report.recall == nil && report.denseHeads == 0)
        #expect(!report.table.isEmpty)
    }

    @Test(
        "masks show what was computed, whatever the chunks",
        arguments: [[3000], [1024, 1976], [512, 64, 2424]])
    func masks(chunks: [Int]) throws {
        var report = SparsityReport(method: "test", layers: 1, heads: 1, drawsMasks: true)
        let index = AttentionIndex.slashes(.aShape(sinks: 64, local: 256))
        var start = 0
        for count in chunks {
            let shape = CoverageCase.oneHead(start: start, count: count)
            let selection = HeadSelection(
                index: index, pattern: .aShape(sinks: 64, local: 256), shape: shape, geometry: geometry)
            let tail = selection.withDenseTail(
                rows: start + count == 3000 ? 64 : 0, shape: shape, geometry: geometry)
            report.record(layer: 0, selections: [tail], shape: shape, geometry: geometry)
            start += count
        }
        let mask = try #require(report.layers[0].heads[0].mask)
        #expect(mask.cellSize == 64 && mask.side == 47)
        let shape = CoverageCase.oneHead(count: 3000)
        for row in 0..<mask.side {
            for key in 0...row {
                let rows = stride(from: row * 64 + 8, to: min(row * 64 + 64, 3000), by: 16)
                let pairs = rows.flatMap { row in (key * 64..<min(key * 64 + 64, row + 1)).map { (row, $0) } }
                let kept = pairs.count {
                    $0.0 >= 2936 || index.isKept(row: $0.0, key: $0.1, shape: shape, geometry: geometry)
                }
                let expected = pairs.isEmpty ? nil : Double(kept) / Double(pairs.count)
                let found = mask[row, key]
                #expect((found == nil) == (expected == nil))
                #expect(abs((found ?? 0) - (expected ?? 0)) < 0.05, "\(row), \(key)")
            }
        }
        let rows = try #require(report.json["layers"]?.array?[0]["heads"]?.array?[0]["mask"]?["rows"]?.array)
        #expect(rows.map { $0.string?.count } == Array(1...47))
        #expect(rows[30].string?.first == "f" && rows[30].string?.dropFirst(10).first == "0")
        #expect(rows[46].string == String(repeating: "f", count: 47))
    }
}
