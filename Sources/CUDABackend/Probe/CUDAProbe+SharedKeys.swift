import Compute
import SparseAttention

/// What was made of the keys of one key head.
struct SharedKeys {
    let kvHead: Int
    /// Keys of a block or a run.
    let size: Int
    let memory: DeviceMemory
}

extension CUDAProbe {
    /// What `place` holds when it is of the keys of this query head in pieces of `size`; else it is made anew.
    func shared(
        _ place: ReferenceWritableKeyPath<CUDAProbe, SharedKeys?>, head: Int, size: Int,
        make: () throws -> DeviceMemory
    ) rethrows -> DeviceMemory {
        let kvHead = head / shape.groupSize
        if let keys = self[keyPath: place], keys.kvHead == kvHead, keys.size == size { return keys.memory }
        // First, so that the memory can be taken again.
        self[keyPath: place] = nil
        let keys = SharedKeys(kvHead: kvHead, size: size, memory: try make())
        self[keyPath: place] = keys
        return keys.memory
    }

    /// The means of blocks of a head's keys, fp32 `[blocks, headDim]`; a last, shorter block's is over what it has.
    func keyMeans(head: Int, blockSize: Int) throws -> DeviceMemory {
        try shared(\.keyMeans, head: head, size: blockSize) {
            let blocks = (0..<(shape.keyCount + blockSize - 1) / blockSize).map {
                $0 * blockSize..<min(($0 + 1) * blockSize, shape.keyCount)
            }
            return try means(of: blocks, rows: keys(head: head), rowStride: shape.headDimension)
        }
    }
}
