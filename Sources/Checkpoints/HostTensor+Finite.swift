import Compute

extension HostTensor {
    /// The number of elements.
    package var count: Int { bytes.count / dtype.byteCount }

    /// The first element that is NaN or infinite, row-major, or nil.
    package var firstNonFinite: Int? {
        // NaN and infinity are the numbers whose exponent bits are all ones.
        switch dtype {
        case .float32: Self.firstMatch(bytes, mask: 0x7F80_0000 as UInt32)
        case .float16: Self.firstMatch(bytes, mask: 0x7C00 as UInt16)
        case .bfloat16: Self.firstMatch(bytes, mask: 0x7F80 as UInt16)
        }
    }

    /// The index in each dimension of the element at `element`, row-major.
    package func coordinates(of element: Int) -> [Int] {
        var rest = element
        var coordinates: [Int] = []
        for extent in shape.reversed() {
            coordinates.append(rest % extent)
            rest /= extent
        }
        return coordinates.reversed()
    }

    /// `NaN`, `inf` or `-inf`, of an element that is one of these.
    package func elementDescription(_ element: Int) -> String {
        let value: Float =
            switch dtype {
            case .float32: bytes.loadUnaligned(fromByteOffset: element * 4, as: Float.self)
            case .float16:
                // Five exponent and ten fraction bits; moved under a float's exponent of all ones, NaN stays NaN.
                Float(bitPattern: Self.widenedNonFinite(bytes.loadUnaligned(fromByteOffset: element * 2, as: UInt16.self)))
            case .bfloat16:
                Float(bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: element * 2, as: UInt16.self)) << 16)
            }
        return value.isNaN ? "NaN" : "\(value)"
    }

    private static func widenedNonFinite(_ half: UInt16) -> UInt32 {
        UInt32(half & 0x8000) << 16 | 0x7F80_0000 | UInt32(half & 0x3FF) << 13
    }

    /// The first element all of whose `mask` bits are set; whole tiles are scanned without a branch so that the loop
    /// becomes vector code.
    private static func firstMatch<Word: FixedWidthInteger & Sendable>(
        _ bytes: UnsafeRawBufferPointer, mask: Word
    ) -> Int? {
        let tile = 4096
        return bytes.withMemoryRebound(to: Word.self) { words in
            var start = 0
            while start < words.count {
                let end = min(start + tile, words.count)
                var found: Word = 0
                for index in start..<end { found |= words[index] & mask == mask ? 1 : 0 }
                if found != 0 { return words[start..<end].firstIndex { $0 & mask == mask } }
                start = end
            }
            return nil
        }
    }
}
