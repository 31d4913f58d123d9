/// cuBLASLt's functions, as `cublasLt.h` declares them; results are `cublasStatus_t`.
struct MatrixFunctions: @unchecked Sendable {
    typealias Handle = OpaquePointer?

    let create: @convention(c) (UnsafeMutablePointer<Handle>) -> Int32
    let destroy: @convention(c) (Handle) -> Int32
    let getVersion: @convention(c) () -> Int
    let getStatusName: @convention(c) (Int32) -> UnsafePointer<CChar>?
    let describe: @convention(c) (UnsafeMutablePointer<Handle>, Int32, Int32) -> Int32
    let describeAttribute: @convention(c) (Handle, Int32, UnsafeRawPointer, Int) -> Int32
    let describeDestroy: @convention(c) (Handle) -> Int32
    let layout: @convention(c) (UnsafeMutablePointer<Handle>, Int32, UInt64, UInt64, Int64) -> Int32
    let layoutDestroy: @convention(c) (Handle) -> Int32
    let preference: @convention(c) (UnsafeMutablePointer<Handle>) -> Int32
    let preferenceAttribute: @convention(c) (Handle, Int32, UnsafeRawPointer, Int) -> Int32
    let preferenceDestroy: @convention(c) (Handle) -> Int32
    let heuristic:
        @convention(c) (
            Handle, Handle, Handle, Handle, Handle, Handle, Handle, Int32, UnsafeMutableRawPointer,
            UnsafeMutablePointer<Int32>
        ) -> Int32
    let multiply:
        @convention(c) (
            Handle, Handle, UnsafeRawPointer, UnsafeRawPointer?, Handle, UnsafeRawPointer?, Handle,
            UnsafeRawPointer, UnsafeRawPointer?, Handle, UnsafeMutableRawPointer?, Handle, UnsafeRawPointer,
            UnsafeMutableRawPointer?, Int, Handle
        ) -> Int32

    /// Finds every function in cuBLASLt.
    init(_ library: CUDALibrary) throws(CUDAError) {
        create = try library.function("cublasLtCreate")
        destroy = try library.function("cublasLtDestroy")
        getVersion = try library.function("cublasLtGetVersion")
        getStatusName = try library.function("cublasLtGetStatusName")
        describe = try library.function("cublasLtMatmulDescCreate")
        describeAttribute = try library.function("cublasLtMatmulDescSetAttribute")
        describeDestroy = try library.function("cublasLtMatmulDescDestroy")
        layout = try library.function("cublasLtMatrixLayoutCreate")
        layoutDestroy = try library.function("cublasLtMatrixLayoutDestroy")
        preference = try library.function("cublasLtMatmulPreferenceCreate")
        preferenceAttribute = try library.function("cublasLtMatmulPreferenceSetAttribute")
        preferenceDestroy = try library.function("cublasLtMatmulPreferenceDestroy")
        heuristic = try library.function("cublasLtMatmulAlgoGetHeuristic")
        multiply = try library.function("cublasLtMatmul")
    }
}

extension MatrixFunctions {
    /// Opens cuBLASLt for a driver that runs code up to CUDA `newest`.
    init(newest: CUDAVersion) throws(CUDAError) {
        try self.init(CUDALibrary(CUDALibrary.matrixProducts(newest: newest.major)))
    }

    /// The version, e.g. 13.1.0.
    var version: String {
        // 10000 * major + 100 * minor + patch since 12.0.
        let number = getVersion()
        return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
    }
}
