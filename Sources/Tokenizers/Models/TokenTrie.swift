/// The tokens of a vocabulary as a trie over their bytes. Edges lie in one hash table, 8 bytes each.
final class TokenTrie: @unchecked Sendable {
    // Unchecked: the memory is written by the initializer only.

    /// The node where every search begins.
    static let root = 0

    /// Slots of the edges: the node above in the top 28 bits, the byte in 8, the node below in 28; zero is an empty slot.
    private let slots: UnsafeMutablePointer<UInt64>
    private let shift: UInt64
    private let mask: Int
    private let tokens: [Int32]

    /// The trie of the tokens with these ids.
    init(_ vocabulary: Vocabulary, ids: [Int]) {
        var bytes = 0
        for id in ids { bytes += vocabulary.withBytes(of: id) { $0.count } ?? 0 }
        var bits = 4
        while 1 << bits < bytes * 3 / 2 { bits += 1 }
        let shift = UInt64(64 - bits)
        let mask = 1 << bits - 1
        let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: 1 << bits)
        slots.initialize(repeating: 0, count: 1 << bits)
        var tokens: [Int32] = [-1]
        for id in ids {
            vocabulary.withBytes(of: id) { token in
                var node = Self.root
                for byte in token {
                    let key = Self.key(node, byte)
                    var index = Self.start(of: key, shift)
                    while slots[index] != 0, slots[index] >> 28 != key { index = (index + 1) & mask }
                    if slots[index] == 0 {
                        slots[index] = key << 28 | UInt64(tokens.count)
                        tokens.append(-1)
                    }
                    node = Int(slots[index] & 0xFFF_FFFF)
                }
                if node != Self.root { tokens[node] = Int32(id) }
            }
        }
        self.slots = slots
        self.shift = shift
        self.mask = mask
        self.tokens = tokens
    }

    deinit { slots.deallocate() }

    /// The node below another by a byte, or nil.
    @inline(__always)
    func child(of node: Int, _ byte: UInt8) -> Int? {
        let key = Self.key(node, byte)
        var index = Self.start(of: key, shift)
        while slots[index] != 0 {
            if slots[index] >> 28 == key { return Int(slots[index] & 0xFFF_FFFF) }
            index = (index + 1) & mask
        }
        return nil
    }

    /// The token that ends at a node, or -1.
    @inline(__always)
    func token(at node: Int) -> Int32 { tokens[node] }

    @inline(__always)
    private static func key(_ node: Int, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }

    @inline(__always)
    private static func start(of key: UInt64, _ shift: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    }
}
