import MInference
import Serving
import Testing

@Suite("Prefix cache")
struct PrefixCacheTests {
    private func piece(_ byte: UInt8, count: Int = 100) -> KVPiece {
        KVPiece(byteCount: count) { bytes in for index in bytes.indices { bytes[index] = byte } }
    }

    private func chain(_ tokens: [Int32], context: String) -> [PrefixKey] {
        let runs = (0..<tokens.count / 64).map { 64 * $0..<64 * ($0 + 1) }
        return PrefixChain(tokens, runs: runs, context: context).keys
    }

    private func chain(_ count: Int, context: String = "") -> [PrefixKey] {
        chain((0..<Int32(count * 64)).map { $0 % 77 }, context: context)
    }

    @Test("a key depends on all tokens before, on the cuts, on the context, and not on what follows")
    func keys() {
        let tokens = (0..<300).map { Int32($0) }
        let keys = chain(tokens, context: "a")
        #expect(keys.count == 4)
        #expect(chain(Array(tokens[..<200]), context: "a") == Array(keys[..<3]))
        #expect(PrefixChain.empty.keys.isEmpty)
        var changed = tokens
        changed[70] = 0
        let others = chain(changed, context: "a")
        #expect(others[0] == keys[0] && zip(others, keys).dropFirst().allSatisfy { $0 != $1 })
        #expect(Set(chain(tokens, context: "b")).isDisjoint(with: keys))
        let otherCuts = PrefixChain(tokens, runs: [0..<128, 128..<192, 192..<256], context: "a").keys
        #expect(Set(otherCuts).isDisjoint(with: keys))
        #expect(keys[0].description.count == 64)
    }

    @Test("a chain knows which run begins where")
    func runs() {
        let chain = PrefixChain((0..<300).map { Int32($0) }, runs: [0..<128, 128..<192], context: "")
        #expect(chain.run(from: 0)?.tokens == 0..<128)
        #expect(chain.run(from: 128)?.number == 1)
        #expect(chain.run(from: 64) == nil && chain.run(from: 192) == nil)
        #expect([0, 1, 2].map(chain.tokens(ofFirst:)) == [0, 128, 192])
    }

    @Test("what was used least recently is dropped first, a chain's end before its beginning")
    func eviction() {
        let cache = PrefixCache(capacity: 350)
        let (first, second) = (chain(2, context: "1"), chain(2, context: "2"))
        for end in 1...2 { cache.insert(piece(1), chain: first[..<end]) }
        cache.insert(piece(2), chain: second[..<1])
        #expect(cache.count(of: first) == 2)
        cache.touch(first)
        cache.insert(piece(2), chain: second[..<2])
        #expect(cache.statistics.bytes == 300 && cache.statistics.evictions == 1)
        #expect(cache.count(of: first) == 1)
        #expect(cache.contains(first[0]) && !cache.contains(first[1]))
        #expect(cache.count(of: second) == 2)
    }

    @Test("pieces that do not fit are not kept")
    func tooLarge() {
        let cache = PrefixCache(capacity: 50)
        cache.insert(piece(1), chain: chain(1)[...])
        #expect(cache.statistics == PrefixCache.Statistics())
    }

    @Test("a chain is used up to its first gap")
    func gap() {
        let cache = PrefixCache(capacity: 1000)
        let keys = chain(3)
        cache.insert(piece(1), chain: keys[..<1])
        cache.insert(piece(3), chain: keys[..<3])
        #expect(cache.count(of: keys) == 1)
    }

    @Test("checksums are XXH64's")
    func checksum() {
        // Of the reference implementation (`xxhsum -H64`).
        let text = "Call me Ishmael. Some years ago--never mind how long precisely-"
        let cases: [(String, UInt64)] = [
            ("", 0xEF46_DB37_51D8_E999), ("a", 0xD24E_C4F1_A98C_6E5B), ("as", 0x1C33_0FB2_D66B_E179),
            ("asd", 0x631C_37CE_72A9_7393), ("asdf", 0x4158_72F5_99CE_A71E), (text, 0x02A2_E854_70D6_FD96),
        ]
        for (text, expected) in cases {
            #expect(Array(text.utf8).withUnsafeBytes(Checksum.of) == expected, "\(text)")
        }
    }
}
