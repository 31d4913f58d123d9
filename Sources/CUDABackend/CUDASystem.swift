/// The GPUs of this machine and the libraries that drive them, looked at without taking memory on any.
package struct CUDASystem {
    /// One GPU.
    package struct GPU {
        /// The number in `cuda:0`.
        package let ordinal: Int
        /// Whether kernels can run on it.
        package let isUsable: Bool
        /// What it is, or why it cannot be used.
        package let summary: String
    }

    /// Every GPU that the driver sees, in its order.
    package let gpus: [GPU]

    /// Asks the driver, then looks for the compiler and cuBLASLt.
    ///
    /// - Throws: why there is no GPU.
    package init() throws(CUDAError) {
        let driver = try CUDADriver.shared.get()
        let count = try driver.deviceCount()
        guard count > 0 else { throw .noGPU }
        let libraries = Result { () throws(CUDAError) in try Self.libraries(driver) }
        gpus = (0..<count).map { ordinal in
            do throws(CUDAError) {
                let properties = try GPUProperties(driver, ordinal: ordinal)
                return GPU(
                    ordinal: ordinal, isUsable: true, summary: "\(properties), \(try libraries.get())")
            } catch {
                return GPU(ordinal: ordinal, isUsable: false, summary: "\(error)")
            }
        }
    }

    private static func libraries(_ driver: CUDADriver) throws(CUDAError) -> String {
        let compiler = try KernelCompiler(newest: driver.version)
        let products = try MatrixFunctions(newest: driver.version)
        return describe(driver: driver.version, compiler: compiler.version, products: products.version)
    }

    /// The versions of the three libraries, for people.
    static func describe(driver: CUDAVersion, compiler: CUDAVersion, products: String) -> String {
        "driver CUDA \(driver), NVRTC \(compiler), cuBLASLt \(products)"
    }
}
