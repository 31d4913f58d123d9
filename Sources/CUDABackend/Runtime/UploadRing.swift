import Compute
import Dispatch

/// Pinned host memory through which bytes go to the device while the caller goes on.
final class UploadRing {
    /// The most that goes in one piece.
    static let partBytes = 8 << 20
    private static let partCount = 4

    private struct Part {
        let memory: PinnedMemory
        /// When the copies out of this part are done; recorded when the ring moves on.
        let done: CUDAEvent
    }

    private let stream: CUDAStream
    private var parts: [Part] = []
    private var current = 0
    /// What is taken of the current part.
    private var offset = 0

    init(stream: CUDAStream) throws(ComputeError) {
        self.stream = stream
        for _ in 0..<Self.partCount {
            parts.append(
                Part(
                    memory: try PinnedMemory(stream.context, byteCount: Self.partBytes),
                    done: try CUDAEvent(stream.context, timed: false)))
        }
    }

    deinit { try? stream.synchronize() }

    /// Queues a copy of `bytes`, which may change once this returns.
    func copy(_ bytes: UnsafeRawBufferPointer, to address: UInt) throws(ComputeError) {
        var first = 0
        while first < bytes.count {
            let count = min(Self.partBytes, bytes.count - first)
            if offset + count > Self.partBytes { try moveOn() }
            let target = parts[current].memory.bytes.baseAddress! + offset
            Self.copy(bytes.baseAddress! + first, to: target, byteCount: count)
            try stream.copyToDevice(target, to: address + UInt(first), byteCount: count)
            // Aligned to 256 bytes: unaligned copies are slower.
            offset = min(Self.partBytes, (offset + count + 255) / 256 * 256)
            first += count
        }
    }

    /// Copies in pieces on all processors: the source is often a file whose pages are not in memory yet.
    private static func copy(
        _ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, byteCount: Int
    ) {
        let piece = 1 << 20
        guard byteCount > piece else { return target.copyMemory(from: source, byteCount: byteCount) }
        nonisolated(unsafe) let (source, target) = (source, target)
        DispatchQueue.concurrentPerform(iterations: (byteCount + piece - 1) / piece) { number in
            let first = number * piece
            (target + first).copyMemory(from: source + first, byteCount: min(piece, byteCount - first))
        }
    }

    private func moveOn() throws(ComputeError) {
        try parts[current].done.record(on: stream)
        current = (current + 1) % parts.count
        offset = 0
        try parts[current].done.synchronize()
    }
}
