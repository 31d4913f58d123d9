import JSON
import MInferenceTesting
import Tokenizers

/// A deterministic text of many languages, in segments: the twin of `Corpus` in `Tests/Fixtures/make_tokenizers.py`, which
/// this must stay in step with.
struct Corpus {
    private static let lists: [[String]] = {
        guard let bytes = try? FileReading.bytes(at: Fixtures.path("tokenizers/words.json")),
            let lists = try? bytes.withUnsafeBufferPointer({ try JSONValue(parsing: $0) }).array
        else { return [] }
        return lists.map { $0.array?.last?.array?.compactMap(\.string) ?? [] }
    }()

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number from 0 to `bound - 1`, by xorshift64*.
    mutating func below(_ bound: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % bound
    }

    /// A text of `bytes` bytes or a few more.
    mutating func segment(bytes: Int) -> String {
        var text = ""
        var size = 0
        var words = nextList()
        while size < bytes {
            let choice = below(64)
            if choice == 0 { words = nextList() }
            var part = ""
            if choice == 1 {
                for _ in 0..<1 + below(24) { part.unicodeScalars.append(scalar()) }
            } else if choice < 8 {
                let other = nextList()
                part = other[below(other.count)]
            } else {
                part = words[below(words.count)]
            }
            if below(8) > 0 { part += " " }
            text += part
            size += part.utf8.count
        }
        return text
    }

    private mutating func nextList() -> [String] { Self.lists[below(Self.lists.count)] }

    private mutating func scalar() -> Unicode.Scalar {
        let value =
            switch below(8) {
            case 0..<3: below(0x80)
            case 3: 0x80 + below(0x780)
            case 4, 5: 0x800 + below(0xF800)
            case 6: 0x1F300 + below(0x350)
            default: 0x20000 + below(0xA000)
            }
        return Unicode.Scalar(UInt32(value)) ?? "\u{E000}"
    }
}
