import MInference
import JSON
import MInferenceTesting
import Testing

@Suite struct JSONRandomTests {
    @Test("what is written reads back the same", arguments: [false, true])
    func roundTrip(pretty: Bool) throws {
        var random = SplitMix64(seed: 1)
        for _ in 0..<2000 {
            let value = Self.value(depth: 0, &random)
            let text = value.text(pretty: pretty)
            #expect(try JSONValue(parsing: text) == value, "\(text)")
        }
    }

    @Test("a damaged text parses or is an error, and what parses can be written and read again")
    func damage() throws {
        var random = SplitMix64(seed: 2)
        var parsed = 0
        for _ in 0..<20000 {
            var bytes = Array(Self.value(depth: 0, &random).text().utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) { Self.damage(&bytes, &random) }
            guard let value = try? bytes.withUnsafeBufferPointer({ try JSONValue(parsing: $0) }) else {
                continue
            }
            parsed += 1
            #expect(try JSONValue(parsing: value.text()) == value)
        }
        #expect(parsed > 100)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let telling = Array("{}[]\",:\\u0eE-+.19tfn \n\u{0}".utf8) + [0x80, 0xC3, 0xE2, 0xED, 0xF4, 0xFF]
        let byte =
            Bool.random(using: &random)
            ? telling.randomElement(using: &random) : UInt8.random(in: 0...255, using: &random)
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.removeLast(bytes.count - place)
        case 1 where place < bytes.count: bytes.remove(at: place)
        case 2 where place < bytes.count: bytes[place] = byte ?? 0
        default: bytes.insert(byte ?? 0, at: place)
        }
    }

    private static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .int(Int.random(in: -1000...1000, using: &random))
        case 3: return .int(Int.random(in: .min ... .max, using: &random))
        case 4:
            // Any finite double that JSON can tell from an integer.
            let value = Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
            return .double(value.isFinite ? value : 0.5)
        case 5: return .string(string(&random))
        case 6:
            return .array(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1, &random) })
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    JSONValue.Member(key: string(&random), value: value(depth: depth + 1, &random))
                })
        }
    }

    private static func string(_ random: inout SplitMix64) -> String {
        let bounds: [UInt32] = [0x20, 0x80, 0x800, 0x10000, 0x110000]
        var result = ""
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let bound = bounds.randomElement(using: &random) ?? 0x80
            let value = UInt32.random(in: 0..<bound, using: &random)
            result.unicodeScalars.append(Unicode.Scalar(value) ?? "\"")
        }
        return result
    }
}
