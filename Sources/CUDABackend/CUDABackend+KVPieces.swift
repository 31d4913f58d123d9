import Compute

extension CUDABackend {
    /// Through pinned memory, both ways.
    package var copiesKVPieces: Bool { true }

    /// Copies keys and values to the host and waits for them.
    package func copyTokens(
        _ range: Range<Int>, of layer: KVLayer, to target: UnsafeMutableRawBufferPointer
    ) throws {
        for (address, part) in layer.runs(of: range, pieceByteCount: target.count) {
            let bytes = try downloads.copy(address, byteCount: part.count)
            UnsafeMutableRawBufferPointer(rebasing: target[part]).copyMemory(from: bytes)
        }
    }

    /// Queues a copy of keys and values to the device; `source` may change once this returns.
    package func copyTokens(
        _ range: Range<Int>, from source: UnsafeRawBufferPointer, to layer: KVLayer
    ) throws {
        for (address, part) in layer.runs(of: range, pieceByteCount: source.count) {
            try upload(UnsafeRawBufferPointer(rebasing: source[part]), to: address)
        }
    }
}
