import Compute

/// Host memory that the device copies from and to without the processor's help.
package final class PinnedMemory {
    /// The bytes.
    package let bytes: UnsafeMutableRawBufferPointer
    private let context: CUDAContext

    /// `byteCount` bytes of unspecified contents.
    ///
    /// - Throws: `ComputeError.outOfMemory`.
    package init(_ context: CUDAContext, byteCount: Int) throws(ComputeError) {
        self.context = context
        context.makeCurrent()
        var pointer: UnsafeMutableRawPointer?
        try context.check(context.functions.hostAllocate(&pointer, byteCount, 0), "cuMemHostAlloc")
        bytes = UnsafeMutableRawBufferPointer(start: pointer, count: byteCount)
    }

    deinit { _ = context.functions.hostFree(bytes.baseAddress) }
}
