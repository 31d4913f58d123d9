import Compute

/// Rows of one sequence among those that go through a layer together.
package struct SequenceRows {
    /// How many rows.
    package let count: Int
    /// The position of the first one in its sequence.
    package let start: Int
    /// The rotation of the sequence's length.
    package let rotary: RotaryTable
    /// Where their keys and values go.
    package let cache: KVLayer

    /// Rows of a sequence.
    package init(count: Int, start: Int, rotary: RotaryTable, cache: KVLayer) {
        self.count = count
        self.start = start
        self.rotary = rotary
        self.cache = cache
    }
}
