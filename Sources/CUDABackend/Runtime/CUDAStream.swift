import Compute

/// A queue of work on the device; work in it runs in order.
package final class CUDAStream {
    let context: CUDAContext
    let handle: OpaquePointer

    /// An empty queue that does not wait for the default one.
    package init(_ context: CUDAContext) throws(ComputeError) {
        self.context = context
        var handle: OpaquePointer?
        let nonBlocking: UInt32 = 1
        try context.check(context.functions.streamCreate(&handle, nonBlocking), "cuStreamCreate")
        self.handle = handle!
    }

    deinit { _ = context.functions.streamDestroy(handle) }

    /// Waits until everything that was queued is done.
    package func synchronize() throws(ComputeError) {
        try context.check(context.functions.streamSynchronize(handle), "cuStreamSynchronize")
    }

    /// Later work here waits until everything that `other` holds now is done.
    package func wait(for other: CUDAStream) throws(ComputeError) {
        let event = try CUDAEvent(context, timed: false)
        try event.record(on: other)
        try wait(for: event)
    }

    /// Later work here waits for what `event` recorded.
    package func wait(for event: CUDAEvent) throws(ComputeError) {
        try context.check(context.functions.streamWaitEvent(handle, event.handle, 0), "cuStreamWaitEvent")
    }

    /// Copies host bytes to the device; pinned memory must stay as it is until the copy is done.
    func copyToDevice(_ source: UnsafeRawPointer, to target: UInt, byteCount: Int) throws(ComputeError) {
        try context.check(
            context.functions.copyToDevice(UInt64(target), source, byteCount, handle), "cuMemcpyHtoDAsync")
    }

    /// Copies device bytes to the host; they are there after `synchronize()`.
    func copyToHost(_ source: UInt, to target: UnsafeMutableRawPointer, byteCount: Int) throws(ComputeError) {
        try context.check(
            context.functions.copyToHost(target, UInt64(source), byteCount, handle), "cuMemcpyDtoHAsync")
    }

    /// Copies bytes within the device.
    package func copy(_ source: UInt, to target: UInt, byteCount: Int) throws(ComputeError) {
        guard byteCount > 0 else { return }
        try context.check(
            context.functions.copyOnDevice(UInt64(target), UInt64(source), byteCount, handle),
            "cuMemcpyDtoDAsync")
    }

    /// Sets every byte.
    package func fill(_ target: UInt, byte: UInt8, byteCount: Int) throws(ComputeError) {
        guard byteCount > 0 else { return }
        try context.check(
            context.functions.fillBytes(UInt64(target), byte, byteCount, handle), "cuMemsetD8Async")
    }
}
