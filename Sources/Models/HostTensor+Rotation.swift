import Compute

extension HostTensor {
    /// A copy in which the pairs that the leading `heads` heads rotate, stored as neighbours (rows 2i and 2i + 1 of a
    /// head), lie half a rotation apart (rows i and i + `rotaryDimension` / 2).
    ///
    /// Attention only sees products of queries and keys, so what is reordered in both the same way changes nothing; the
    /// rotation then needs one form for all families. Rows are output features: `self` is a weight matrix, or its bias.
    func separatingRotaryPairs(heads: Int, headDimension: Int, rotaryDimension: Int) -> HostTensor {
        let rowBytes = bytes.count / shape[0]
        let storage = RowStorage(byteCount: bytes.count)
        storage.bytes.copyMemory(from: bytes)
        let half = rotaryDimension / 2
        for head in 0..<heads {
            for row in 0..<rotaryDimension {
                let target = (head * headDimension + row) * rowBytes
                let source = (head * headDimension + row % half * 2 + row / half) * rowBytes
                UnsafeMutableRawBufferPointer(rebasing: storage.bytes[target..<target + rowBytes])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[source..<source + rowBytes]))
            }
        }
        return HostTensor(
            name: name, dtype: dtype, shape: shape, bytes: UnsafeRawBufferPointer(storage.bytes),
            owner: storage)
    }

    /// An fp32 copy with `offset` added to every element.
    func adding(_ offset: Float) -> HostTensor {
        let count = shape.reduce(1, *)
        let storage = RowStorage(byteCount: count * 4)
        for index in 0..<count {
            let value: Float =
                switch dtype {
                case .float32: bytes.loadUnaligned(fromByteOffset: 4 * index, as: Float.self)
                case .float16: Float(bytes.loadUnaligned(fromByteOffset: 2 * index, as: Float16.self))
                case .bfloat16:
                    Float(
                        bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
                            << 16)
                }
            storage.bytes.storeBytes(of: value + offset, toByteOffset: 4 * index, as: Float.self)
        }
        return HostTensor(
            name: name, dtype: .float32, shape: shape, bytes: UnsafeRawBufferPointer(storage.bytes),
            owner: storage)
    }
}

/// Memory of a tensor that was changed on its way to the device.
private final class RowStorage {
    let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }

    deinit { bytes.deallocate() }
}
