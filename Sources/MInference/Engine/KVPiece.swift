/// The keys and values of a run of tokens in all layers, out of any cache: what a prefix cache keeps and shares.
package final class KVPiece: @unchecked Sendable {
    // Written by `init` only, so any number of threads may read it.
    private let storage: UnsafeMutableRawBufferPointer

    /// A piece of `byteCount` bytes that `fill` writes.
    package init(byteCount: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
        storage = .allocate(byteCount: byteCount, alignment: 64)
        do {
            try fill(storage)
        } catch {
            storage.deallocate()
            throw error
        }
    }

    deinit { storage.deallocate() }

    /// The size in bytes.
    package var byteCount: Int { storage.count }

    /// The contents, while `body` runs: layer by layer, keys, then values.
    package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try body(UnsafeRawBufferPointer(storage))
    }
}
