/// The hash of FIPS 180-4.
package struct SHA256 {
    private var state: [UInt32]
    private var schedule = [UInt32](repeating: 0, count: 64)
    private let constants = SHA256.constants
    private var block: [UInt8] = []
    private var length: UInt64 = 0

    package init() {
        state = Self.primes(8).map { Self.fractionBits(root: 2, of: $0) }
        block.reserveCapacity(64)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            block.append(byte)
            if block.count == 64 { compressBlock() }
            length += 8
        }
    }

    /// Adds bytes that lie in memory, as many as a file has.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let head = block.isEmpty ? 0 : min(64 - block.count, bytes.count)
        update(bytes[..<head] as Slice<UnsafeRawBufferPointer>)
        let tail = head + (bytes.count - head) / 64 * 64
        for start in stride(from: head, to: tail, by: 64) {
            compress(UnsafeRawBufferPointer(rebasing: bytes[start..<start + 64]))
        }
        length += UInt64(tail - head) * 8
        update(bytes[tail...] as Slice<UnsafeRawBufferPointer>)
    }

    /// The 32 bytes of the hash of everything added.
    package consuming func digest() -> [UInt8] {
        let bits = length
        update(CollectionOfOne(0x80))
        while block.count != 56 { update(CollectionOfOne(0)) }
        update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }

    /// The hash of some bytes.
    package static func digest(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.digest()
    }

    private mutating func compressBlock() {
        let bytes = block
        bytes.withUnsafeBytes { compress($0) }
        block.removeAll(keepingCapacity: true)
    }

    /// Takes in 64 bytes.
    private mutating func compress(_ bytes: UnsafeRawBufferPointer) {
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        let constants = constants
        constants.withUnsafeBufferPointer { constants in
            schedule.withUnsafeMutableBufferPointer { schedule in
                for i in 0..<16 {
                    schedule[i] = UInt32(
                        bigEndian: bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self))
                }
                for i in 16..<64 {
                    let (early, late) = (schedule[i - 15], schedule[i - 2])
                    let s0 = Self.rotate(early, 7) ^ Self.rotate(early, 18) ^ early >> 3
                    let s1 = Self.rotate(late, 17) ^ Self.rotate(late, 19) ^ late >> 10
                    schedule[i] = schedule[i - 16] &+ s0 &+ schedule[i - 7] &+ s1
                }
                for i in 0..<64 {
                    let s1 = Self.rotate(e, 6) ^ Self.rotate(e, 11) ^ Self.rotate(e, 25)
                    let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[i] &+ schedule[i]
                    let s0 = Self.rotate(a, 2) ^ Self.rotate(a, 13) ^ Self.rotate(a, 22)
                    let t2 = s0 &+ (a & b ^ a & c ^ b & c)
                    (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
                }
            }
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    @inline(__always)
    private static func rotate(_ x: UInt32, _ count: UInt32) -> UInt32 { x >> count | x << (32 - count) }

    private static let constants = primes(64).map { fractionBits(root: 3, of: $0) }

    private static func primes(_ count: Int) -> [UInt64] {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < count {
            if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }

    /// The first 32 bits of the fraction of a square or cube root, by bisection in whole numbers.
    private static func fractionBits(root: Int, of prime: UInt64) -> UInt32 {
        var low: UInt64 = 0
        var high: UInt64 = 1 << 37
        while high - low > 1 {
            let middle = (low + high) / 2
            if isPower(middle, root, atMost: prime) { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// Whether `x^root <= prime * 2^(32 * root)`.
    private static func isPower(_ x: UInt64, _ root: Int, atMost prime: UInt64) -> Bool {
        var product = UInt128(1)
        for _ in 0..<root { product *= UInt128(x) }
        return product <= UInt128(prime) << UInt128(32 * root)
    }
}
