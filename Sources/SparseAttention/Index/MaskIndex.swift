/// An exact set of (row, key) pairs; slow, for the dilated and strided baselines and for tests.
public enum MaskIndex: Sendable, Hashable {
    /// Shift-invariant: bit `d` of `distances` keeps distance `d`, bit `k` of `columns` keeps key `k`, for all rows.
    case lines(distances: BitSet, columns: BitSet)
    /// Arbitrary: `words[block * keyCount + key]` holds one bit per row of a block of 64 query rows, lowest first.
    case rows(words: [UInt64], keyCount: Int)
}
