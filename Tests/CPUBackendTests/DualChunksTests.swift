import Compute
import Testing

@Suite("Dual chunks")
struct DualChunksTests {
    @Test("a row sees every key from where the papers put both", arguments: [(24, 32), (25, 25), (10, 40)])
    func seats(length: Int, reach: Int) {
        let chunks = DualChunks(length: length, reach: reach)
        var firstMoved = 1000
        for position in 0..<6 * length {
            var seen: [Int] = []
            for back in 0...chunks.chunk(of: position) {
                let place = position % length
                let query = [place, min(place + length, reach), min(2 * length - 1, reach)][min(back, 2)]
                let seat = chunks.seat(of: position, back: back)
                for key in chunks.keys(of: position, back: back) {
                    #expect(seat - key == query - key % length)
                    if seat != position { firstMoved = min(firstMoved, position) }
                    seen.append(key)
                }
            }
            #expect(seen.sorted() == Array(0...position))
        }
        #expect(firstMoved == chunks.plainTokens)
    }

    @Test("runs share a seat and are all rows with such keys", arguments: [(24, 32), (25, 25), (10, 40)])
    func runs(length: Int, reach: Int) {
        let chunks = DualChunks(length: length, reach: reach)
        for positions in [0..<5, 3..<170, 49..<50, 100..<131] {
            for back in 0..<7 {
                var next = max(positions.lowerBound, back * length)
                for run in chunks.runs(of: positions, back: back) {
                    #expect(run.positions.lowerBound == next)
                    next = run.positions.upperBound
                    for position in run.positions {
                        #expect(chunks.seat(of: position, back: back) == run.seat ?? position)
                    }
                }
                #expect(next == max(positions.upperBound, back * length))
            }
        }
    }
}
