import CPUKernels
import Compute

extension CPUBackend {
    /// Floating-point operations per second that all threads reach on registers alone; takes about 50 ms.
    public func measurePeak(dtype: DType) throws -> Double? {
        let rounds: Int64 = 1 << 18
        var best = 0.0
        for _ in 0..<5 {
            let start = ContinuousClock.now
            try pool.parallel(count: 4 * pool.threads) { _ in
                _ = mi_peak_work(isa, dtype.kernelType, rounds)
            }
            let time = (ContinuousClock.now - start).components
            let seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
            let work = mi_peak_work(isa, dtype.kernelType, 1) * rounds * Int64(4 * pool.threads)
            best = max(best, Double(work) / seconds)
        }
        return best
    }
}
