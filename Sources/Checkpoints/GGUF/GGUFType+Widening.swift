/// Blocks of GGUF's quantized types as fp32, by the formulas of ggml's reference functions.
extension GGUFType {
    /// The number of the binary16 at `place`.
    private static func half(_ bytes: SharedPointer<UInt8>, _ place: Int) -> Float {
        Float(half: UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
    }

    /// Widens `count` elements, whole blocks.
    func widen(_ bytes: SharedPointer<UInt8>, count: Int, into numbers: UnsafeMutablePointer<Float>) {
        for block in 0..<count / blockElements {
            let source = bytes.advanced(by: block * blockBytes)
            let target = numbers + block * blockElements
            switch self {
            case .q4_0: Self.nibbles(source, at: 2, scale: Self.half(source, 0), offset: -8, into: target)
            case .q4_1:
                Self.nibbles(
                    source, at: 4, scale: Self.half(source, 0), least: Self.half(source, 2), into: target)
            case .q5_0:
                Self.nibbles(
                    source, at: 6, high: 2, scale: Self.half(source, 0), offset: -16, into: target)
            case .q5_1:
                Self.nibbles(
                    source, at: 8, high: 4, scale: Self.half(source, 0), least: Self.half(source, 2),
                    into: target)
            case .q8_0:
                let scale = Self.half(source, 0)
                for place in 0..<32 { target[place] = scale * Float(Int8(bitPattern: source[2 + place])) }
            case .q4_K: Self.superBlock(source, highBits: nil, nibbles: 16, into: target)
            case .q5_K: Self.superBlock(source, highBits: 16, nibbles: 48, into: target)
            case .q6_K: Self.sixBits(source, into: target)
            case .f32, .f16, .bf16: preconditionFailure("elements that are not in blocks")
            }
        }
    }

    /// 32 elements: low nibbles of 16 bytes, then high ones, each with a fifth bit of the word at `high`.
    private static func nibbles(
        _ bytes: SharedPointer<UInt8>, at place: Int, high: Int? = nil, scale: Float, offset: Int = 0,
        least: Float = 0, into numbers: UnsafeMutablePointer<Float>
    ) {
        var word: UInt32 = 0
        if let high { for byte in 0..<4 { word |= UInt32(bytes[high + byte]) << UInt32(8 * byte) } }
        for index in 0..<32 {
            let byte = bytes[place + index % 16]
            let number = Int(index < 16 ? byte & 15 : byte >> 4) + Int((word >> UInt32(index)) & 1) * 16
            numbers[index] = scale * Float(number + offset) + least
        }
    }

    /// Q4_K and Q5_K: eight parts of 32 elements with 6-bit scales and minima: `d * scale * q - dmin * minimum`.
    private static func superBlock(
        _ bytes: SharedPointer<UInt8>, highBits: Int?, nibbles: Int, into numbers: UnsafeMutablePointer<Float>
    ) {
        let (scale, leastScale) = (half(bytes, 0), half(bytes, 2))
        for part in 0..<8 {
            let (factor, least): (UInt8, UInt8)
            if part < 4 {
                (factor, least) = (bytes[4 + part] & 63, bytes[8 + part] & 63)
            } else {
                factor = bytes[8 + part] & 15 | (bytes[part] >> 6) << 4
                least = bytes[8 + part] >> 4 | (bytes[4 + part] >> 6) << 4
            }
            let (d, minimum) = (scale * Float(factor), leastScale * Float(least))
            for index in 0..<32 {
                let byte = bytes[nibbles + part / 2 * 32 + index]
                var number = part % 2 == 0 ? byte & 15 : byte >> 4
                if let highBits { number += ((bytes[highBits + index] >> UInt8(part)) & 1) * 16 }
                numbers[part * 32 + index] = d * Float(number) - minimum
            }
        }
    }

    /// Q6_K: sixteen parts of 16 elements with 8-bit scales: `d * scale * (q - 32)`.
    private static func sixBits(_ bytes: SharedPointer<UInt8>, into numbers: UnsafeMutablePointer<Float>) {
        let scale = half(bytes, 208)
        for index in 0..<256 {
            let (half, place) = (index / 128, index % 128)
            let (quarter, column) = (place / 32, place % 32)
            let low = bytes[half * 64 + quarter % 2 * 32 + column]
            let high = bytes[128 + half * 32 + column] >> UInt8(2 * quarter) & 3
            let number = Int(quarter < 2 ? low & 15 : low >> 4) + Int(high) * 16 - 32
            let factor = Int8(bitPattern: bytes[192 + index / 16])
            numbers[index] = scale * Float(factor) * Float(number)
        }
    }
}
