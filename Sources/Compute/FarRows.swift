import SparseAttention

/// A layer's queries and keys at other positions: made for an estimate, kept for the attention that follows it.
///
/// Attention takes them once, since its second pass writes its output over the queries.
package struct FarRows {
    /// The queries, as if each were at the common distance.
    package let queries: Tensor
    /// The keys, as if each were at position 0.
    package let keys: Tensor
    /// The keys of a key head that there is room for among `keys`.
    package let capacity: Int
    /// The distance of the queries.
    package let distance: Int
    private let shape: AttentionShape
    private let rotary: RotaryTable
    private let addresses: (queries: UInt, keys: UInt)

    /// Rows that were made from the queries of a call of `shape` and its keys, rotated with `rotary`.
    package init(
        queries: Tensor, keys: Tensor, capacity: Int, distance: Int, shape: AttentionShape,
        rotary: RotaryTable, from source: (queries: Tensor, keys: Tensor)
    ) {
        self.queries = queries
        self.keys = keys
        self.capacity = capacity
        self.distance = distance
        self.shape = shape
        self.rotary = rotary
        addresses = (source.queries.address, source.keys.address)
    }

    /// The queries of a call over all rows or some of them; nil when they were made from others.
    package func queries(
        of part: AttentionShape, distance: Int, rotary: RotaryTable,
        from source: (queries: Tensor, keys: Tensor)
    ) -> Tensor? {
        let first = part.queryStart - shape.queryStart
        var whole = part
        (whole.queryStart, whole.queryCount) = (shape.queryStart, shape.queryCount)
        guard whole == shape, first >= 0, part.keyCount <= shape.keyCount, distance == self.distance,
            rotary === self.rotary, source.keys.address == addresses.keys
        else { return nil }
        let rowBytes = source.queries.rowCount * source.queries.dtype.byteCount
        guard source.queries.address == addresses.queries + UInt(first * rowBytes) else { return nil }
        return queries.rows(first..<first + part.queryCount)
    }
}
