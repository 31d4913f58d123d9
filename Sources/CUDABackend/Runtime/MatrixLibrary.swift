/// cuBLASLt with its handle.
final class MatrixLibrary {
    /// What products may use beside their operands; enough for every algorithm on Hopper.
    static let workspaceBytes = 64 << 20

    let functions: MatrixFunctions
    let handle: OpaquePointer

    /// Opens cuBLASLt for a driver that runs code up to CUDA `newest`.
    init(newest: CUDAVersion) throws(CUDAError) {
        functions = try MatrixFunctions(newest: newest)
        var handle: OpaquePointer?
        try Self.check(functions.create(&handle), "cublasLtCreate", functions)
        self.handle = handle!
    }

    deinit { _ = functions.destroy(handle) }

    /// Throws what `function` returned, unless it is success.
    @inline(__always)
    func check(_ code: Int32, _ function: StaticString) throws(CUDAError) {
        if code != 0 { try Self.check(code, function, functions) }
    }

    private static func check(_ code: Int32, _ function: StaticString, _ functions: MatrixFunctions)
        throws(CUDAError)
    {
        guard code != 0 else { return }
        let name = functions.getStatusName(code).map { String(cString: $0) } ?? "unknown error"
        throw .call(function: "\(function)", code: Int(code), name: name)
    }
}
