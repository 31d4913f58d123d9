import Compute
import Synchronization

/// Equal blocks of working memory, lent to whichever thread runs a piece of a loop.
///
/// Blocks are made on demand, so there are at most as many as threads that worked at the same time.
final class ScratchPool {
    private let byteCount: Int
    private let memory: HostMemory
    private let free: Mutex<[UInt]>
    private let first: DeviceMemory
    private let extra = Mutex<[UInt]>([])

    /// A pool of blocks of `byteCount` bytes, with one made so that a lack of memory shows now.
    init(byteCount: Int, memory: HostMemory) throws {
        self.byteCount = byteCount
        self.memory = memory
        first = try memory.allocate(byteCount: byteCount, zeroed: false)
        free = Mutex([first.address])
    }

    deinit {
        extra.withLock { for address in $0 { UnsafeMutableRawPointer(bitPattern: address)!.deallocate() } }
    }

    /// Lends a block, 64-byte aligned and with unspecified contents.
    func withScratch(_ body: (UnsafeMutableRawPointer) -> Void) {
        let address = free.withLock { $0.popLast() } ?? makeBlock()
        body(UnsafeMutableRawPointer(bitPattern: address)!)
        free.withLock { $0.append(address) }
    }

    private func makeBlock() -> UInt {
        let block = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        let address = UInt(bitPattern: block)
        extra.withLock { $0.append(address) }
        return address
    }
}
