import Compute

/// Extents of a grid or a block.
package struct LaunchSize: Sendable, Hashable, ExpressibleByIntegerLiteral {
    package var x: Int
    package var y: Int
    package var z: Int

    /// `y` and `z` of a grid are at most 65535.
    package init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
        self.x = x
        self.y = y
        self.z = z
    }

    package init(integerLiteral value: Int) { self.init(value) }
}

/// A compiled kernel on a device, ready to launch.
package final class Kernel {
    /// What it was compiled from.
    package let specification: KernelSpecification
    private let context: CUDAContext
    private let stream: CUDAStream
    private let function: OpaquePointer
    /// Keeps the code loaded.
    private let module: KernelModule

    init(_ specification: KernelSpecification, module: KernelModule, stream: CUDAStream)
        throws(ComputeError)
    {
        self.specification = specification
        self.module = module
        self.stream = stream
        context = stream.context
        function = try module.function(specification.entry)
        if specification.dynamicSharedBytes > 48 << 10 {
            let maximumDynamicSharedBytes: Int32 = 8
            try context.check(
                context.functions.functionSetAttribute(
                    function, maximumDynamicSharedBytes, Int32(specification.dynamicSharedBytes)),
                "cuFuncSetAttribute")
        }
    }

    /// Queues the kernel on the compute stream, or on `stream`; empty grids are left out.
    ///
    /// - Parameters:
    ///   - grid: blocks.
    ///   - block: threads of a block.
    ///   - sharedBytes: dynamic shared memory; the specification's by default.
    ///   - arguments: the kernel's only parameter, a C struct, by value; its tensor maps come first.
    package func launch<Arguments: BitwiseCopyable>(
        grid: LaunchSize, block: LaunchSize, sharedBytes: Int? = nil, on stream: CUDAStream? = nil,
        arguments: Arguments
    ) throws(ComputeError) {
        guard grid.x > 0, grid.y > 0, grid.z > 0 else { return }
        // The driver reads the struct at its size on the device, where tensor maps align it to 64 bytes.
        let byteCount = (MemoryLayout<Arguments>.size + 63) / 64 * 64
        let code = withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 64) { storage in
            storage.storeBytes(of: arguments, as: Arguments.self)
            var parameter = storage.baseAddress
            return context.functions.launchKernel(
                function, UInt32(grid.x), UInt32(grid.y), UInt32(grid.z), UInt32(block.x), UInt32(block.y),
                UInt32(block.z), UInt32(sharedBytes ?? specification.dynamicSharedBytes),
                (stream ?? self.stream).handle, &parameter, nil)
        }
        if code != 0 { throw failure(code) }
    }

    @inline(never)
    private func failure(_ code: Int32) -> ComputeError {
        do throws(ComputeError) { try context.check(code, "cuLaunchKernel") } catch {
            guard case .deviceFailed(let device, let reason) = error else { return error }
            return .deviceFailed(device, reason: "\(specification): \(reason)")
        }
        return .deviceFailed(context.device, reason: "\(specification)")
    }
}
