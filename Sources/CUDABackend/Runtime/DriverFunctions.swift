/// The driver's functions, as `cuda.h` declares them; results are `CUresult`.
///
/// Addresses in device memory are `UInt64`, handles opaque pointers.
struct DriverFunctions: @unchecked Sendable {
    typealias Handle = OpaquePointer?
    typealias Text = UnsafePointer<CChar>

    let initialize: @convention(c) (UInt32) -> Int32
    let driverGetVersion: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32
    let getErrorName: @convention(c) (Int32, UnsafeMutablePointer<Text?>) -> Int32

    let deviceGetCount: @convention(c) (UnsafeMutablePointer<Int32>) -> Int32
    let deviceGet: @convention(c) (UnsafeMutablePointer<Int32>, Int32) -> Int32
    let deviceGetName: @convention(c) (UnsafeMutablePointer<CChar>, Int32, Int32) -> Int32
    let deviceTotalMemory: @convention(c) (UnsafeMutablePointer<Int>, Int32) -> Int32
    let deviceGetAttribute: @convention(c) (UnsafeMutablePointer<Int32>, Int32, Int32) -> Int32

    let primaryContextRetain: @convention(c) (UnsafeMutablePointer<Handle>, Int32) -> Int32
    let primaryContextRelease: @convention(c) (Int32) -> Int32
    let contextSetCurrent: @convention(c) (Handle) -> Int32

    let memoryAllocate: @convention(c) (UnsafeMutablePointer<UInt64>, Int) -> Int32
    let memoryFree: @convention(c) (UInt64) -> Int32
    let memoryGetInfo: @convention(c) (UnsafeMutablePointer<Int>, UnsafeMutablePointer<Int>) -> Int32
    let hostAllocate: @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int, UInt32) -> Int32
    let hostFree: @convention(c) (UnsafeMutableRawPointer?) -> Int32
    let copyToDevice: @convention(c) (UInt64, UnsafeRawPointer, Int, Handle) -> Int32
    let copyToHost: @convention(c) (UnsafeMutableRawPointer, UInt64, Int, Handle) -> Int32
    let copyOnDevice: @convention(c) (UInt64, UInt64, Int, Handle) -> Int32
    let fillBytes: @convention(c) (UInt64, UInt8, Int, Handle) -> Int32

    let streamCreate: @convention(c) (UnsafeMutablePointer<Handle>, UInt32) -> Int32
    let streamDestroy: @convention(c) (Handle) -> Int32
    let streamSynchronize: @convention(c) (Handle) -> Int32
    let streamWaitEvent: @convention(c) (Handle, Handle, UInt32) -> Int32
    let eventCreate: @convention(c) (UnsafeMutablePointer<Handle>, UInt32) -> Int32
    let eventDestroy: @convention(c) (Handle) -> Int32
    let eventRecord: @convention(c) (Handle, Handle) -> Int32
    let eventSynchronize: @convention(c) (Handle) -> Int32
    let eventElapsedTime: @convention(c) (UnsafeMutablePointer<Float>, Handle, Handle) -> Int32

    let moduleLoadData: @convention(c) (UnsafeMutablePointer<Handle>, UnsafeRawPointer) -> Int32
    let moduleUnload: @convention(c) (Handle) -> Int32
    let moduleGetFunction: @convention(c) (UnsafeMutablePointer<Handle>, Handle, Text) -> Int32
    let functionSetAttribute: @convention(c) (Handle, Int32, Int32) -> Int32
    let launchKernel:
        @convention(c) (
            Handle, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, Handle,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>, UnsafeMutableRawPointer?
        ) -> Int32
    let tensorMapEncodeTiled:
        @convention(c) (
            UnsafeMutableRawPointer, Int32, UInt32, UnsafeMutableRawPointer?, UnsafePointer<UInt64>,
            UnsafePointer<UInt64>, UnsafePointer<UInt32>, UnsafePointer<UInt32>, Int32, Int32, Int32, Int32
        ) -> Int32

    /// Finds every function in the driver's library.
    init(_ library: CUDALibrary) throws(CUDAError) {
        initialize = try library.function("cuInit")
        driverGetVersion = try library.function("cuDriverGetVersion")
        getErrorName = try library.function("cuGetErrorName")
        deviceGetCount = try library.function("cuDeviceGetCount")
        deviceGet = try library.function("cuDeviceGet")
        deviceGetName = try library.function("cuDeviceGetName")
        deviceTotalMemory = try library.function("cuDeviceTotalMem_v2")
        deviceGetAttribute = try library.function("cuDeviceGetAttribute")
        primaryContextRetain = try library.function("cuDevicePrimaryCtxRetain")
        primaryContextRelease = try library.function("cuDevicePrimaryCtxRelease_v2")
        contextSetCurrent = try library.function("cuCtxSetCurrent")
        memoryAllocate = try library.function("cuMemAlloc_v2")
        memoryFree = try library.function("cuMemFree_v2")
        memoryGetInfo = try library.function("cuMemGetInfo_v2")
        hostAllocate = try library.function("cuMemHostAlloc")
        hostFree = try library.function("cuMemFreeHost")
        copyToDevice = try library.function("cuMemcpyHtoDAsync_v2")
        copyToHost = try library.function("cuMemcpyDtoHAsync_v2")
        copyOnDevice = try library.function("cuMemcpyDtoDAsync_v2")
        fillBytes = try library.function("cuMemsetD8Async")
        streamCreate = try library.function("cuStreamCreate")
        streamDestroy = try library.function("cuStreamDestroy_v2")
        streamSynchronize = try library.function("cuStreamSynchronize")
        streamWaitEvent = try library.function("cuStreamWaitEvent")
        eventCreate = try library.function("cuEventCreate")
        eventDestroy = try library.function("cuEventDestroy_v2")
        eventRecord = try library.function("cuEventRecord")
        eventSynchronize = try library.function("cuEventSynchronize")
        eventElapsedTime = try library.function("cuEventElapsedTime")
        moduleLoadData = try library.function("cuModuleLoadData")
        moduleUnload = try library.function("cuModuleUnload")
        moduleGetFunction = try library.function("cuModuleGetFunction")
        functionSetAttribute = try library.function("cuFuncSetAttribute")
        launchKernel = try library.function("cuLaunchKernel")
        tensorMapEncodeTiled = try library.function("cuTensorMapEncodeTiled")
    }
}
