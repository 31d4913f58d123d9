import Compute

/// Machine code that is loaded on a device.
final class KernelModule {
    private let context: CUDAContext
    private let handle: OpaquePointer

    init(_ context: CUDAContext, cubin: [UInt8]) throws(ComputeError) {
        self.context = context
        context.makeCurrent()
        var handle: OpaquePointer?
        try context.check(context.functions.moduleLoadData(&handle, cubin), "cuModuleLoadData")
        self.handle = handle!
    }

    deinit {
        context.makeCurrent()
        _ = context.functions.moduleUnload(handle)
    }

    func function(_ entry: String) throws(ComputeError) -> OpaquePointer {
        var function: OpaquePointer?
        try context.check(
            context.functions.moduleGetFunction(&function, handle, entry), "cuModuleGetFunction")
        return function!
    }
}
