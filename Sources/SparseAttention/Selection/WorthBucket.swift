/// Steps of mass per cost, sixteen to an octave: what falls into the same one is kept or left together.
package enum WorthBucket {
    /// How many there are. Bucket 0 holds what is too light to tell from nothing, and is never worth a key.
    package static let count = 36 * 16
    /// Mantissa bits below this are dropped: four are left.
    package static let shift: UInt32 = 19
    /// The number of the smallest worth that is told apart, 2^-36, before it becomes bucket 0.
    package static let base = Int(Float(sign: .plus, exponent: -36, significand: 1).bitPattern >> shift)

    /// The bucket of a worth that is not negative.
    @inline(__always)
    static func bucket(of worth: Float) -> Int {
        min(max(Int(worth.bitPattern >> shift) - base, 0), count - 1)
    }

    /// The lowest bucket, not 0, from which up at most `limit` things lie; `count` when even the first has more.
    static func lowest(of counts: [Int32], holding limit: Int) -> Int {
        var (bucket, held) = (count, 0)
        while bucket > 1, held + Int(counts[bucket - 1]) <= limit {
            bucket -= 1
            held += Int(counts[bucket])
        }
        return bucket
    }
}
