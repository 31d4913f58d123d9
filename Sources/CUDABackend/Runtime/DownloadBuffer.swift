import Compute

/// Pinned host memory that results come back through; it grows to the largest.
final class DownloadBuffer {
    private let stream: CUDAStream
    private var memory: PinnedMemory?

    init(stream: CUDAStream) { self.stream = stream }

    /// Copies device bytes to the host and waits for all queued work. The bytes are there until the next call.
    func copy(_ address: UInt, byteCount: Int) throws(ComputeError) -> UnsafeRawBufferPointer {
        if memory.map({ $0.bytes.count < byteCount }) ?? true {
            memory = nil
            memory = try PinnedMemory(stream.context, byteCount: byteCount + byteCount / 4)
        }
        let bytes = memory!.bytes
        try stream.copyToHost(address, to: bytes.baseAddress!, byteCount: byteCount)
        try stream.synchronize()
        return UnsafeRawBufferPointer(rebasing: bytes[..<byteCount])
    }
}
