import CUDABackend
import Compute
import Synchronization
import Testing

/// A device of a few megabytes that counts what is taken from it.
private final class FakeDevice: Sendable {
    struct State {
        var live: [UInt: Int] = [:]
        var next: UInt = 1 << 40
        var allocations = 0
    }
    let capacity: Int
    let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    var used: Int { state.withLock { $0.live.values.reduce(0, +) } }
    var allocations: Int { state.withLock { $0.allocations } }

    var source: BlockSource {
        BlockSource(
            allocate: { byteCount throws(ComputeError) in
                self.state.withLock { state in
                    guard state.live.values.reduce(byteCount, +) <= self.capacity else { return nil }
                    state.allocations += 1
                    let address = state.next
                    state.live[address] = byteCount
                    state.next += UInt(byteCount)
                    return address
                }
            },
            free: { address in self.state.withLock { _ = $0.live.removeValue(forKey: address) } })
    }
}

@Suite("Memory pool")
struct MemoryPoolTests {
    private static let mebibyte = 1 << 20

    @Test("sizes are at least what was asked for, and waste at most a quarter")
    func sizes() {
        for byteCount in [0, 1, 511, 512, 513, 1000, 4096, 5000, 70_000, 1 << 20, (1 << 20) + 1, 3 << 20] {
            let size = MemoryPool.blockSize(byteCount)
            #expect(size >= byteCount && size % 512 == 0 && MemoryPool.blockSize(size) == size)
            if byteCount > 4096 && byteCount < 1 << 20 { #expect(size <= byteCount * 5 / 4 + 512) }
        }
        #expect(MemoryPool.blockSize(5 << 20) == 6 << 20)
    }

    @Test("released blocks serve again, without the device")
    func reuse() throws {
        let device = FakeDevice(capacity: 64 << 20)
        let pool = MemoryPool(device: .cuda(0), source: device.source)
        var block: DeviceMemory? = try pool.allocate(byteCount: 5000)
        let address = try #require(block?.address)
        #expect(try pool.allocate(byteCount: 5000).address != address, "in use")
        block = nil
        for byteCount in [5000, 4900, 5120] {
            #expect([address, address + 5120].contains(try pool.allocate(byteCount: byteCount).address))
        }
        #expect(device.allocations == 2)
        #expect(pool.statistics.used == 0 && pool.statistics.reserved == 10240)
        #expect(pool.statistics.peakUsed == 10240)
    }

    @Test("a large block does not serve a much smaller request")
    func noWaste() throws {
        let device = FakeDevice(capacity: 256 << 20)
        let pool = MemoryPool(device: .cuda(0), source: device.source)
        _ = try pool.allocate(byteCount: 100 * Self.mebibyte)
        _ = try pool.allocate(byteCount: 20 * Self.mebibyte)
        #expect(device.allocations == 2)
        _ = try pool.allocate(byteCount: 95 * Self.mebibyte)
        #expect(device.allocations == 2, "an eighth may be wasted")
    }

    @Test("kept blocks are freed before memory is said to be out")
    func pressure() throws {
        let device = FakeDevice(capacity: 32 * Self.mebibyte)
        let pool = MemoryPool(device: .cuda(0), source: device.source)
        for size in [4, 6, 8, 10] { _ = try pool.allocate(byteCount: size * Self.mebibyte) }
        let large = try pool.allocate(byteCount: 30 * Self.mebibyte)
        #expect(device.used == large.byteCount && pool.statistics.reserved == large.byteCount)
        #expect(throws: ComputeError.outOfMemory(device: .cuda(0), requestedBytes: 4 * Self.mebibyte)) {
            try pool.allocate(byteCount: 4 * Self.mebibyte)
        }
        #expect(throws: ComputeError.outOfMemory(device: .cuda(0), requestedBytes: .max)) {
            try pool.allocate(byteCount: .max)
        }
        #expect(large.byteCount == 30 * Self.mebibyte && pool.statistics.used == large.byteCount)
    }

    @Test("peaks start anew, and everything goes back with the pool")
    func peaks() throws {
        let device = FakeDevice(capacity: 64 * Self.mebibyte)
        do {
            let pool = MemoryPool(device: .cuda(0), source: device.source)
            do {
                let one = try pool.allocate(byteCount: 8 * Self.mebibyte)
                let two = try pool.allocate(byteCount: 8 * Self.mebibyte)
                #expect(one.address != two.address)
            }
            #expect(pool.statistics.peakUsed == 16 * Self.mebibyte)
            pool.resetPeaks()
            #expect(pool.statistics.peakUsed == 0 && pool.statistics.peakReserved == 16 * Self.mebibyte)
            pool.releaseKept()
            #expect(device.used == 0 && pool.statistics.reserved == 0)
            _ = try pool.allocate(byteCount: 100)
        }
        #expect(device.used == 0)
    }

    @Test("random requests never overlap")
    func random() throws {
        let device = FakeDevice(capacity: 512 * Self.mebibyte)
        let pool = MemoryPool(device: .cuda(0), source: device.source)
        var random = SystemRandomNumberGenerator()
        var live: [DeviceMemory] = []
        for _ in 0..<3000 {
            if live.count > 20 || (!live.isEmpty && Bool.random(using: &random)) {
                live.remove(at: Int.random(in: live.indices, using: &random))
            } else {
                let request = 1 << Int.random(in: 0..<23, using: &random)
                let block = try pool.allocate(byteCount: Int.random(in: 1...request, using: &random))
                for other in live {
                    #expect(
                        block.address + UInt(block.byteCount) <= other.address
                            || other.address + UInt(other.byteCount) <= block.address)
                }
                live.append(block)
            }
            #expect(pool.statistics.used == live.reduce(0) { $0 + $1.byteCount })
        }
    }
}
