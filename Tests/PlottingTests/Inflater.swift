/// Reads zlib streams of one block with fixed codes; slow and plain, from RFC 1951.
struct Inflater {
    private let bytes: [UInt8]
    private var place = 0

    /// The bytes of a stream; nil when it is not such a one.
    static func inflate(_ bytes: [UInt8]) -> [UInt8]? {
        var inflater = Inflater(bytes: Array(bytes.dropFirst(2)))
        guard inflater.bits(1) == 1, inflater.bits(2) == 1 else { return nil }
        var output: [UInt8] = []
        while true {
            guard let symbol = inflater.symbol() else { return nil }
            if symbol == 256 { return output }
            if symbol < 256 {
                output.append(UInt8(symbol))
                continue
            }
            let length = inflater.extended(
                symbol - 257, extra: { $0 < 8 ? 0 : $0 == 28 ? 0 : $0 / 4 - 1 }, from: 3)
            let code = (0..<5).reduce(0) { value, _ in value << 1 | inflater.bits(1) }
            let distance = inflater.extended(code, extra: { max($0 / 2 - 1, 0) }, from: 1)
            let count = symbol == 285 ? 258 : length
            guard distance <= output.count else { return nil }
            for _ in 0..<count { output.append(output[output.count - distance]) }
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func bits(_ count: Int) -> Int {
        (0..<count).reduce(0) { value, bit in
            defer { place += 1 }
            return value | Int(bytes[place >> 3] >> UInt8(place & 7) & 1) << bit
        }
    }

    private mutating func symbol() -> Int? {
        var code = 0
        for length in 1...9 {
            code = code << 1 | bits(1)
            switch (length, code) {
            case (7, 0...23): return 256 + code
            case (8, 0x30...0xBF): return code - 0x30
            case (8, 0xC0...0xC7): return 280 + code - 0xC0
            case (9, 0x190...0x1FF): return 144 + code - 0x190
            default: break
            }
        }
        return nil
    }

    private mutating func extended(_ code: Int, extra: (Int) -> Int, from first: Int) -> Int {
        first + (0..<code).reduce(0) { $0 + 1 << extra($1) } + bits(extra(code))
    }
}
