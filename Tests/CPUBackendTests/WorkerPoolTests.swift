import CPUBackend
import Compute
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    @Test("every index runs exactly once", arguments: [1, 2, 3, 8], [0, 1, 2, 7, 64, 1000])
    func eachIndexOnce(threads: Int, count: Int) throws {
        let pool = WorkerPool(threads: threads)
        #expect(pool.threads == threads)
        let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: count)
        counts.initialize(repeating: 0)
        defer { counts.deallocate() }
        try pool.parallel(count: count) { counts[$0] += 1 }
        #expect(counts.allSatisfy { $0 == 1 })
    }

    @Test("thousands of short loops in a row, with and without sleeping workers")
    func manyLoops() throws {
        let pool = WorkerPool(threads: 3)
        let sum = Atomic<Int>(0)
        for round in 0..<20_000 {
            try pool.parallel(count: 4) { sum.wrappingAdd($0, ordering: .relaxed) }
            if round % 2_000 == 0 { pause(microseconds: 1_000) }
        }
        #expect(sum.load(ordering: .relaxed) == 20_000 * 6)
    }

    @Test("ranges cover all rows once", arguments: [0, 1, 5, 64, 65], [1, 3, 64, 100])
    func ranges(rows: Int, grain: Int) throws {
        let pool = WorkerPool(threads: 2)
        let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: rows)
        counts.initialize(repeating: 0)
        defer { counts.deallocate() }
        try pool.parallel(rows: rows, grain: grain) { range in
            for row in range { counts[row] += 1 }
        }
        #expect(counts.allSatisfy { $0 == 1 })
    }

    @Test("a loop inside a loop runs")
    func nested() throws {
        let pool = WorkerPool(threads: 2)
        let sum = Atomic<Int>(0)
        try pool.parallel(count: 8) { _ in
            try? pool.parallel(count: 8) { sum.wrappingAdd($0, ordering: .relaxed) }
        }
        #expect(sum.load(ordering: .relaxed) == 8 * 28)
    }

    @Test("a raised flag ends the loop early and throws", arguments: [1, 2])
    func cancellation(threads: Int) throws {
        let pool = WorkerPool(threads: threads)
        let flag = CancellationFlag()
        pool.cancellation = flag
        let ran = Atomic<Int>(0)
        #expect(throws: ComputeError.cancelled) {
            try pool.parallel(count: 1_000_000) { _ in
                if ran.wrappingAdd(1, ordering: .relaxed).newValue == 10 { flag.cancel() }
            }
        }
        #expect(ran.load(ordering: .relaxed) < 1_000_000)
        pool.cancellation = nil
        try pool.parallel(count: 2) { _ in }
    }

    @Test("pools that sleep end with their last reference")
    func shutDown() throws {
        for _ in 0..<50 {
            let pool = WorkerPool(threads: 4)
            try pool.parallel(count: 8) { _ in }
            pause(microseconds: 200)
        }
    }
}
