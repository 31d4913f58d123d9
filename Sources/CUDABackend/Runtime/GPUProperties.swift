/// What a GPU is.
package struct GPUProperties: Sendable {
    /// The number that the driver gave it, as in `cuda:0`.
    package let ordinal: Int
    /// The name for people.
    package let name: String
    /// The compute capability.
    package let architecture: Architecture
    /// Streaming multiprocessors.
    package let multiprocessors: Int
    /// Device memory in bytes.
    package let memoryBytes: Int
    /// The most shared memory that a block may ask for, in bytes.
    package let sharedBytesPerBlock: Int
    /// The size of the second-level cache in bytes.
    package let cacheBytes: Int
    let handle: Int32

    /// Asks the driver.
    ///
    /// - Throws: `noGPU` or `noSuchDevice` for a wrong ordinal; `architectureTooOld` for a GPU before Ampere.
    package init(_ driver: CUDADriver, ordinal: Int) throws(CUDAError) {
        let functions = driver.functions
        let count = try driver.deviceCount()
        guard count > 0 else { throw .noGPU }
        guard (0..<count).contains(ordinal) else { throw .noSuchDevice(ordinal: ordinal, count: count) }
        self.ordinal = ordinal
        var handle: Int32 = 0
        try driver.check(functions.deviceGet(&handle, Int32(ordinal)), "cuDeviceGet")
        self.handle = handle
        func attribute(_ number: Int32) throws(CUDAError) -> Int {
            var value: Int32 = 0
            try driver.check(functions.deviceGetAttribute(&value, number, handle), "cuDeviceGetAttribute")
            return Int(value)
        }
        var text = [CChar](repeating: 0, count: 256)
        try driver.check(functions.deviceGetName(&text, Int32(text.count), handle), "cuDeviceGetName")
        name = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var bytes = 0
        try driver.check(functions.deviceTotalMemory(&bytes, handle), "cuDeviceTotalMem")
        memoryBytes = bytes
        architecture = Architecture(major: try attribute(75), minor: try attribute(76))
        multiprocessors = try attribute(16)
        sharedBytesPerBlock = try attribute(97)
        cacheBytes = try attribute(38)
        guard architecture >= .sm80 else { throw .architectureTooOld(name: name, found: architecture) }
    }
}

extension GPUProperties: CustomStringConvertible {
    /// The name, the architecture, the multiprocessors and the memory.
    package var description: String {
        "\(name), \(architecture), \(multiprocessors) SMs, \(memoryBytes >> 30) GiB"
    }
}
