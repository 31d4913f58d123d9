import Compute

/// A point in a stream's work.
package final class CUDAEvent {
    let context: CUDAContext
    let handle: OpaquePointer

    /// An event that was not recorded yet; `timed` ones tell times and cost a little more.
    package init(_ context: CUDAContext, timed: Bool = true) throws(ComputeError) {
        self.context = context
        var handle: OpaquePointer?
        let disableTiming: UInt32 = 2
        try context.check(
            context.functions.eventCreate(&handle, timed ? 0 : disableTiming), "cuEventCreate")
        self.handle = handle!
    }

    deinit { _ = context.functions.eventDestroy(handle) }

    /// Marks the end of what `stream` holds now.
    package func record(on stream: CUDAStream) throws(ComputeError) {
        try context.check(context.functions.eventRecord(handle, stream.handle), "cuEventRecord")
    }

    /// Waits for the recorded point; at once when nothing was recorded.
    package func synchronize() throws(ComputeError) {
        try context.check(context.functions.eventSynchronize(handle), "cuEventSynchronize")
    }

    /// Seconds from `start` to this event; waits for this one.
    package func seconds(since start: CUDAEvent) throws(ComputeError) -> Double {
        try synchronize()
        var milliseconds: Float = 0
        try context.check(
            context.functions.eventElapsedTime(&milliseconds, start.handle, handle), "cuEventElapsedTime")
        return Double(milliseconds) / 1000
    }
}

extension CUDAEvent: TimeMark {
    /// Seconds between two events that `markTime` recorded.
    package func seconds(since start: any TimeMark) throws -> Double {
        guard let start = start as? CUDAEvent else { preconditionFailure("marks are of one device") }
        return try seconds(since: start)
    }
}
