import Compute
import Dispatch
import Synchronization

extension HostTensor {
    /// The number of elements.
    package var count: Int { bytes.count / dtype.byteCount }

    /// The first element that is NaN or infinite, row-major, or nil; large tensors are looked at by all processors.
    package var firstNonFinite: Int? {
        let piece = 1 << 22
        guard bytes.count > piece else { return firstNonFinite(in: 0..<bytes.count) }
        let first = Atomic<Int>(.max)
        // Each iteration only reads the bytes, which stay while `self` does.
        nonisolated(unsafe) let tensor = self
        DispatchQueue.concurrentPerform(iterations: (bytes.count + piece - 1) / piece) { number in
            let start = number * piece
            let range = start..<min(start + piece, tensor.bytes.count)
            if let element = tensor.firstNonFinite(in: range) { first.min(element, ordering: .relaxed) }
        }
        let element = first.load(ordering: .relaxed)
        return element == .max ? nil : element
    }

    /// The first such element of a range of bytes, counted from the first of all.
    private func firstNonFinite(in range: Range<Int>) -> Int? {
        // NaN and infinity are the numbers whose exponent bits are all ones.
        let exponent: UInt64 =
            switch dtype {
            case .float32: 0x7F80_0000
            case .float16: 0x7C00
            case .bfloat16: 0x7F80
            }
        let tile = 1 << 15
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + tile, range.upperBound)
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if let place = Self.firstMatch(in: part, exponent: exponent, width: dtype.byteCount) {
                return start / dtype.byteCount + place
            }
            start = end
        }
        return nil
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
                // Five exponent and ten fraction bits; moved under a float's exponent of all ones, NaN stays
                // NaN.
                Float(
                    bitPattern: Self.widenedNonFinite(
                        bytes.loadUnaligned(fromByteOffset: element * 2, as: UInt16.self)))
            case .bfloat16:
                Float(
                    bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: element * 2, as: UInt16.self))
                        << 16)
            }
        return value.isNaN ? "NaN" : "\(value)"
    }

    private static func widenedNonFinite(_ half: UInt16) -> UInt32 {
        UInt32(half & 0x8000) << 16 | 0x7F80_0000 | UInt32(half & 0x3FF) << 13
    }

    /// The first element of `width` bytes all of whose `exponent` bits are set, or nil.
    ///
    /// Adding the lowest exponent bit to the exponent carries into the sign's place only when all of its bits
    /// are set, and never further. So a 64-bit word tests its two or four elements at once, and the loop,
    /// free of branches, becomes vector code on any processor.
    private static func firstMatch(in bytes: UnsafeRawBufferPointer, exponent: UInt64, width: Int) -> Int? {
        let lanes: UInt64 = width == 4 ? 0x1_0000_0001 : 0x1_0001_0001_0001
        let mask = exponent &* lanes
        let lowest = (exponent & (~exponent &+ 1)) &* lanes
        let sign = (exponent &+ (exponent & (~exponent &+ 1))) &* lanes
        guard let base = bytes.baseAddress else { return nil }
        let wordCount = bytes.count / 8
        var carries: UInt64 = 0
        for word in 0..<wordCount {
            carries |= (base.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self) & mask) &+ lowest
        }
        let hasTail = wordCount * 8 < bytes.count
        guard carries & sign != 0 || hasTail else { return nil }
        let first = carries & sign != 0 ? 0 : wordCount * 8 / width
        return (first..<bytes.count / width).first { element in
            let value =
                width == 4
                ? UInt64(base.loadUnaligned(fromByteOffset: element * 4, as: UInt32.self))
                : UInt64(base.loadUnaligned(fromByteOffset: element * 2, as: UInt16.self))
            return value & exponent == exponent
        }
    }
}
