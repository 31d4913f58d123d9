import Inspection
import MInference
import MInferenceTesting
import Plotting
import SparseAttention
import Testing

@Suite("Inspection")
struct InspectionTests {
    private func inspection(_ method: any AttentionMethod, answer: Int = 0) async throws -> Inspection {
        let checkpoint = try TinyCheckpoint.withTokenizer()
        let model = try await ModelContainer.load(
            checkpoint.directory, device: .cpu, dtype: .float32, threads: 2)
        let prompt = (0..<700).map { 3 + $0 * 7919 % 120 }
        var request = Inspection.Request(
            method: method, maps: [.init(layer: 1, head: 2)], answerTokens: answer)
        request.side = 64
        return try await Inspection.run(
            request, prompt: prompt, other: Array(prompt.reversed()), model: model)
    }

    @Test func everythingIsKeptOfDenseAttention() async throws {
        let inspection = try await inspection(DenseMethod())
        #expect(
            inspection.patterns == [[HeadPattern]](repeating: [.dense, .dense, .dense, .dense], count: 2))
        #expect(inspection.recalls.joined().allSatisfy { $0 == 1 })
        let map = inspection.maps[0]
        for row in 0..<64 {
            for column in 0..<64 {
                let place = row * 64 + column
                #expect(map.probabilities[place].isNaN == (column > row), "\(row) \(column)")
                if column < row { #expect(abs(map.kept[place] - 1) < 1e-9) }
                if column <= row { #expect((0...1).contains(map.probabilities[place])) }
            }
        }
    }

    @Test func mapsShowWhatAnIndexLeavesOut() async throws {
        let method = AShapeMethod(sinks: 16, local: 64)
        let inspection = try await inspection(method)
        let map = inspection.maps[0]
        #expect(map.kept[60 * 64] > 0.9, "the first keys")
        #expect(map.kept[60 * 64 + 60] > 0.5, "the row's own keys")
        #expect(map.kept[60 * 64 + 30] == 0)
        #expect(inspection.densities.joined().allSatisfy { $0 < 0.5 })
    }

    @Test func allColumnsHoldAllMassAndMoreHoldMore() async throws {
        let columns = try await inspection(DenseMethod()).columns
        for shares in columns.own + columns.other {
            #expect(shares.count == columns.counts.count)
            #expect(abs((shares.last ?? 0) - 1) < 1e-6)
            #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 + 1e-12 })
        }
        for (own, other) in zip(columns.own, columns.other) {
            #expect(zip(own, other).allSatisfy { $0 >= $1 - 1e-9 })
        }
    }

    @Test func decodedTokensKeepMostOfTheirOwnBestKeys() async throws {
        let decoding = try #require(try await inspection(DenseMethod(), answer: 8).decoding)
        #expect(decoding.dynamic.count == 8 && decoding.fixed.count == 8)
        #expect((decoding.dynamic + decoding.fixed).allSatisfy { $0 > 0 && $0 <= 1.0001 })
    }

    @Test func everyFigureHasItsNumbers() async throws {
        let inspection = try await inspection(DenseMethod(), answer: 4)
        let figures = InspectionFigures(inspection, context: "tiny").all
        #expect(figures.map(\.name) == ["map-layer1-head2", "heads", "columns", "decoding"])
        for (name, figure) in figures {
            #expect(inspection.json(of: name) != nil)
            #expect(figure.svg().contains("tiny"))
            #expect(figure.png(scale: 1).count > 1000)
        }
        #expect(inspection.json(of: "nothing") == nil)
    }
}
