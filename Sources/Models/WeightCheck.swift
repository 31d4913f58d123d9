import Compute

extension HostTensor {
    /// The number of elements before the first infinite or not-a-number element, or nil when all are finite.
    ///
    /// An element is not finite when all bits of its exponent are set, whatever the type.
    package var firstNonFiniteElement: Int? {
        switch dtype {
        case .float32: firstElement(UInt32.self, containing: 0x7F80_0000)
        case .float16: firstElement(UInt16.self, containing: 0x7C00)
        case .bfloat16: firstElement(UInt16.self, containing: 0x7F80)
        }
    }

    private func firstElement<Bits: FixedWidthInteger>(_ type: Bits.Type, containing exponent: Bits) -> Int? {
        let count = bytes.count / MemoryLayout<Bits>.size
        // Chunks first without a branch per element, so that the compiler vectorises; gigabytes pass through here.
        let chunk = 4096
        for start in stride(from: 0, to: count, by: chunk) {
            let range = start..<min(start + chunk, count)
            var found: Bits = 0
            for index in range {
                let bits = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
                found |= bits & exponent == exponent ? 1 : 0
            }
            guard found != 0 else { continue }
            return range.first { index in
                bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self) & exponent
                    == exponent
            }
        }
        return nil
    }
}
