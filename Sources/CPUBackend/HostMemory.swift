import Compute
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Hands out 64-byte aligned blocks of host memory and counts what is in use.
///
/// Blocks from `mappingThreshold` on are mapped: they start as zeros, take physical pages as they are touched and go
/// back to the system at once. Those that can hold huge pages ask for them, which makes first touches and TLB misses
/// rare.
final class HostMemory: Sendable {
    /// Blocks of at least this size are mapped from the system, smaller ones come from the heap.
    static let mappingThreshold = 1 << 20
    private static let alignment = 64
    private static let hugePage = 2 << 20

    /// Bytes that all live blocks take together may not exceed this.
    private let limit: Int
    private let used = Atomic<Int>(0)

    /// Limits blocks to `limit` bytes, the machine's memory by default: the system itself would promise more and kill
    /// the process later.
    init(limit: Int = HostMemory.physicalBytes) { self.limit = limit }

    /// The physical memory of this machine.
    static var physicalBytes: Int {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        return pages > 0 && pageSize > 0 ? pages * pageSize : Int.max
    }

    /// A block of `byteCount` bytes, all zero when `zeroed`.
    ///
    /// - Throws: `ComputeError.outOfMemory`.
    func allocate(byteCount: Int, zeroed: Bool) throws(ComputeError) -> DeviceMemory {
        let isMapped = byteCount >= Self.mappingThreshold
        let total = used.wrappingAdd(byteCount, ordering: .relaxed).newValue
        guard total <= limit,
            let address = isMapped ? Self.map(byteCount) : Self.allocateOnHeap(byteCount, zeroed: zeroed)
        else {
            used.wrappingSubtract(byteCount, ordering: .relaxed)
            throw .outOfMemory(device: .cpu, requestedBytes: byteCount)
        }
        return DeviceMemory(address: UInt(bitPattern: address), byteCount: byteCount) { address, byteCount in
            let pointer = UnsafeMutableRawPointer(bitPattern: address)!
            if isMapped { munmap(pointer, byteCount) } else { free(pointer) }
            self.used.wrappingSubtract(byteCount, ordering: .relaxed)
        }
    }

    private static func allocateOnHeap(_ byteCount: Int, zeroed: Bool) -> UnsafeMutableRawPointer? {
        var pointer: UnsafeMutableRawPointer?
        guard posix_memalign(&pointer, alignment, max(byteCount, 1)) == 0, let pointer else { return nil }
        if zeroed { memset(pointer, 0, byteCount) }
        return pointer
    }

    private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount >= hugePage else { return mapPages(byteCount) }
        // A mapping that starts on a huge page: map one more, give back both ends.
        guard let start = mapPages(byteCount + hugePage) else { return nil }
        let before = -Int(bitPattern: start) & (hugePage - 1)
        let aligned = start + before
        if before > 0 { munmap(start, before) }
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        let after = (hugePage - before) / pageSize * pageSize
        let end = (byteCount + hugePage + pageSize - 1) / pageSize * pageSize - before
        if after > 0 { munmap(aligned + (end - after), after) }
        #if os(Linux)
            madvise(aligned, byteCount, MADV_HUGEPAGE)
        #endif
        return aligned
    }

    private static func mapPages(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        let protection = PROT_READ | PROT_WRITE
        let pointer = mmap(nil, byteCount, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return pointer == MAP_FAILED ? nil : pointer
    }
}
