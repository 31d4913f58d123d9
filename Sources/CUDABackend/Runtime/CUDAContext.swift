import Compute

/// The primary context of one GPU; everything on the device holds on to it.
package final class CUDAContext: Sendable {
    /// The GPU.
    package let properties: GPUProperties
    /// The driver that runs it.
    package let driver: CUDADriver
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Takes the primary context and makes it current on this thread.
    package init(ordinal: Int) throws(CUDAError) {
        driver = try CUDADriver.shared.get()
        properties = try GPUProperties(driver, ordinal: ordinal)
        var handle: OpaquePointer?
        try driver.check(
            driver.functions.primaryContextRetain(&handle, properties.handle), "cuDevicePrimaryCtxRetain")
        guard let handle else { throw .noGPU }
        self.handle = handle
        try driver.check(driver.functions.contextSetCurrent(handle), "cuCtxSetCurrent")
    }

    deinit { _ = driver.functions.primaryContextRelease(properties.handle) }

    /// The device as the engine names it.
    package var device: Device { .cuda(properties.ordinal) }

    var functions: DriverFunctions { driver.functions }

    /// Binds the context to the calling thread; cheap when it is bound already.
    func makeCurrent() { _ = functions.contextSetCurrent(handle) }

    /// Throws what a driver function returned, unless it is success.
    @inline(__always)
    func check(_ code: Int32, _ function: StaticString) throws(ComputeError) {
        if code != 0 { throw failure(code, function) }
    }

    @inline(never)
    private func failure(_ code: Int32, _ function: StaticString) -> ComputeError {
        do throws(CUDAError) { try driver.check(code, function) } catch {
            return error.computeError(on: device)
        }
        return .deviceFailed(device, reason: "\(function) failed")
    }

    /// Bytes of device memory that are free now, and all there are.
    package func memoryInfo() throws(ComputeError) -> (free: Int, total: Int) {
        makeCurrent()
        var free = 0
        var total = 0
        try check(functions.memoryGetInfo(&free, &total), "cuMemGetInfo")
        return (free, total)
    }
}
