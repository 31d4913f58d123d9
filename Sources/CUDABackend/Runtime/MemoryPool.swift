import Compute
import Synchronization

/// Where a pool's blocks come from and go to.
package struct BlockSource: Sendable {
    /// A block of so many bytes; nil when there is no room.
    package let allocate: @Sendable (_ byteCount: Int) throws(ComputeError) -> UInt?
    /// Gives a block back; waits for the work that uses it.
    package let free: @Sendable (_ address: UInt) -> Void

    package init(
        allocate: @escaping @Sendable (_ byteCount: Int) throws(ComputeError) -> UInt?,
        free: @escaping @Sendable (_ address: UInt) -> Void
    ) {
        self.allocate = allocate
        self.free = free
    }
}

/// Keeps released blocks of device memory for the next request of about their size.
///
/// A released block may be handed out at once: its next user's work must be queued behind its last user's, which
/// holds when both are on the compute stream. Work on another stream must be waited for before a block is released.
package final class MemoryPool: Sendable {
    /// What the pool holds, in bytes.
    package struct Statistics: Sendable, Equatable {
        /// Blocks that somebody uses.
        package var used = 0
        /// Blocks taken from the device, used or kept.
        package var reserved = 0
        /// The most that was ever used at a time.
        package var peakUsed = 0
        /// The most that was ever taken from the device.
        package var peakReserved = 0
    }

    private struct State {
        /// Kept blocks by size; sizes ascend in `sizes`.
        var kept: [Int: [UInt]] = [:]
        var sizes: [Int] = []
        var statistics = Statistics()
    }

    private let device: Device
    private let source: BlockSource
    private let state = Mutex(State())

    package init(device: Device, source: BlockSource) {
        self.device = device
        self.source = source
    }

    deinit { releaseKept() }

    /// Bytes and peaks so far.
    package var statistics: Statistics { state.withLock { $0.statistics } }

    /// Starts the peaks anew from what is used now.
    package func resetPeaks() {
        state.withLock {
            $0.statistics.peakUsed = $0.statistics.used
            $0.statistics.peakReserved = $0.statistics.reserved
        }
    }

    /// Blocks above this are rounded to whole multiples of it.
    static let largeStep = 2 << 20

    /// The size of the block that serves a request: a power of two or 1.25, 1.5 or 1.75 times one up to 2 MiB, whole
    /// steps of 2 MiB above.
    package static func blockSize(_ byteCount: Int) -> Int {
        if byteCount > largeStep {
            return (byteCount + largeStep - 1) / largeStep * largeStep
        }
        let byteCount = max(512, byteCount)
        let power = 1 << (Int.bitWidth - 1 - byteCount.leadingZeroBitCount)
        let step = max(power / 4, 512)
        return (byteCount + step - 1) / step * step
    }

    /// A block of at least `byteCount` bytes, at a multiple of 256; it comes back with its last reference.
    ///
    /// - Throws: `ComputeError.outOfMemory` when not even freeing what is kept makes room.
    package func allocate(byteCount: Int) throws(ComputeError) -> DeviceMemory {
        guard byteCount < Int.max - Self.largeStep else {
            throw .outOfMemory(device: device, requestedBytes: byteCount)
        }
        let size = Self.blockSize(byteCount)
        let block: (address: UInt, size: Int)
        if let kept = takeKept(size) { block = kept } else { block = try takeFresh(size) }
        return DeviceMemory(address: block.address, byteCount: block.size) { [self] address, size in
            put(address, size)
        }
    }

    /// Gives every kept block back to the device.
    package func releaseKept() {
        let blocks = state.withLock { state in
            let blocks = state.kept
            state.statistics.reserved -= blocks.reduce(0) { $0 + $1.key * $1.value.count }
            state.kept = [:]
            state.sizes = []
            return blocks
        }
        for block in blocks.values.joined() { source.free(block) }
    }

    /// The smallest kept block that serves, unless an eighth of it would be wasted.
    private func takeKept(_ size: Int) -> (address: UInt, size: Int)? {
        state.withLock { state in
            var low = 0
            var high = state.sizes.count
            while low < high {
                let middle = (low + high) / 2
                if state.sizes[middle] < size { low = middle + 1 } else { high = middle }
            }
            guard low < state.sizes.count, state.sizes[low] - size <= state.sizes[low] / 8 else { return nil }
            let found = state.sizes[low]
            guard let address = state.kept[found]?.popLast() else { return nil }
            if state.kept[found]?.isEmpty == true {
                state.kept[found] = nil
                state.sizes.remove(at: low)
            }
            state.statistics.used += found
            state.statistics.peakUsed = max(state.statistics.peakUsed, state.statistics.used)
            return (address, found)
        }
    }

    private func takeFresh(_ size: Int) throws(ComputeError) -> (address: UInt, size: Int) {
        var address = try source.allocate(size)
        if address == nil {
            releaseKept()
            address = try source.allocate(size)
        }
        guard let address else { throw .outOfMemory(device: device, requestedBytes: size) }
        state.withLock { state in
            state.statistics.used += size
            state.statistics.reserved += size
            state.statistics.peakUsed = max(state.statistics.peakUsed, state.statistics.used)
            state.statistics.peakReserved = max(state.statistics.peakReserved, state.statistics.reserved)
        }
        return (address, size)
    }

    private func put(_ address: UInt, _ size: Int) {
        state.withLock { state in
            state.statistics.used -= size
            if state.kept[size] == nil {
                state.sizes.insert(size, at: state.sizes.firstIndex { $0 > size } ?? state.sizes.count)
            }
            state.kept[size, default: []].append(address)
        }
    }
}

extension BlockSource {
    /// The memory of a GPU.
    init(_ context: CUDAContext) {
        self.init(
            allocate: { byteCount throws(ComputeError) in
                context.makeCurrent()
                var address: UInt64 = 0
                let code = context.functions.memoryAllocate(&address, byteCount)
                let outOfMemory: Int32 = 2
                if code == outOfMemory { return nil }
                try context.check(code, "cuMemAlloc")
                return UInt(address)
            },
            free: { address in
                context.makeCurrent()
                _ = context.functions.memoryFree(UInt64(address))
            })
    }
}
