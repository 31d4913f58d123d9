import SparseAttention
import Testing

@Suite("Parallel map")
struct ParallelMapTests {
    @Test("results are in order, whatever the count", arguments: [0, 1, 7, 8, 9, 1000])
    func order(count: Int) {
        #expect((0..<count).map { $0 }.parallelMap(threads: 8) { $0 * 2 } == (0..<count).map { $0 * 2 })
    }
}
