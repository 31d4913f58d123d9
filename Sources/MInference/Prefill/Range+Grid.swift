extension Range<Int> {
    /// The pieces of this range between multiples of `size`; none of an empty range.
    package func split(onGrid size: Int) -> [Range<Int>] {
        guard !isEmpty else { return [] }
        return stride(from: lowerBound / size * size, to: upperBound, by: size).map {
            Swift.max(lowerBound, $0)..<Swift.min(upperBound, $0 + size)
        }
    }
}
