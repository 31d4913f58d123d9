/// The NVIDIA driver of this machine, opened and initialised once per process.
package struct CUDADriver: Sendable {
    /// The newest CUDA version that the driver runs code of.
    package let version: CUDAVersion
    let functions: DriverFunctions

    /// The driver, or why there is none.
    package static let shared = Result { () throws(CUDAError) in try CUDADriver() }

    /// The oldest driver: the first that knows Hopper's tensor maps.
    static let oldest = CUDAVersion(12, 0)

    private init() throws(CUDAError) {
        functions = try DriverFunctions(CUDALibrary(CUDALibrary.driver))
        var number: Int32 = 0
        try Self.check(functions.driverGetVersion(&number), "cuDriverGetVersion", functions)
        version = CUDAVersion(driverNumber: number)
        guard version >= Self.oldest else { throw .driverTooOld(found: version, needed: Self.oldest) }
        let code = functions.initialize(0)
        if code == Self.noDevice { throw .noGPU }
        try Self.check(code, "cuInit", functions)
    }

    private static let noDevice: Int32 = 100

    /// The number of GPUs that this process may use.
    package func deviceCount() throws(CUDAError) -> Int {
        var count: Int32 = 0
        try check(functions.deviceGetCount(&count), "cuDeviceGetCount")
        return Int(count)
    }

    /// Throws what `function` returned, unless it is success.
    @inline(__always)
    func check(_ code: Int32, _ function: StaticString) throws(CUDAError) {
        if code != 0 { throw Self.error(code, function, functions) }
    }

    private static func check(_ code: Int32, _ function: StaticString, _ functions: DriverFunctions)
        throws(CUDAError)
    {
        if code != 0 { throw error(code, function, functions) }
    }

    @inline(never)
    private static func error(_ code: Int32, _ function: StaticString, _ functions: DriverFunctions)
        -> CUDAError
    {
        var name: UnsafePointer<CChar>?
        let known = functions.getErrorName(code, &name) == 0
        return .call(
            function: "\(function)", code: Int(code),
            name: known ? name.map { String(cString: $0) } ?? "unknown error" : "unknown error")
    }
}
