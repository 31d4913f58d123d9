import CPUBackend
import Compute
import Testing

@Suite struct BenchmarkTests {
    @Test("the GEMM benchmark reports what it ran", arguments: [DType.float32, .bfloat16])
    func gemm(dtype: DType) throws {
        let backend = try CPUBackend(threads: 2)
        let result = try GEMMBenchmark.run(
            backend, rows: 8, outputs: 65, inputs: 33, dtype: dtype, repetitions: 3)
        #expect(result.threads == 2 && result.seconds.count == 3 && result.dtype == dtype)
        #expect(result.operations == 2 * 8 * 65 * 33)
        #expect(result.seconds == result.seconds.sorted() && result.bestGFLOPS >= result.medianGFLOPS)
    }
}
