/// Where a finished layer's compressed keys and values go.
public enum KVPlacement: Sendable, Hashable {
    /// The device's own memory.
    case device
    /// Pinned host memory that the device reads over its bus.
    case host
}

/// The memory that a backend can still hand out, in bytes.
public struct MemoryBudget: Sendable, Hashable {
    /// On the device, after what its context, libraries and kernels keep for themselves.
    public var device: Int
    /// On the host, pinned; 0 where the device cannot read it.
    public var host: Int

    /// A budget.
    public init(device: Int, host: Int) {
        self.device = device
        self.host = host
    }
}

extension Backend {
    /// 2048 rows: enough for the CPU's matrix products to run at full speed.
    public var preferredSliceRows: Int { 2048 }

    /// Nil: the host's memory is not counted beforehand.
    public func availableMemory() throws -> MemoryBudget? { nil }

    /// False.
    public var compressesKV: Bool { false }

    /// Throws `ComputeError.unsupported`.
    public func compressed(_ layer: KVLayer, tailCapacity: Int, placement: KVPlacement) throws -> KVLayer {
        throw ComputeError.unsupported("\(device) does not compress keys and values")
    }
}
