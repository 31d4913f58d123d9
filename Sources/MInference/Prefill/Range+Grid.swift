extension Range<Int> {
    /// The pieces of this range between multiples of `size`.
    package func split(onGrid size: Int) -> [Range<Int>] {
        stride(from: lowerBound / size * size, to: upperBound, by: size).map {
            Swift.max(lowerBound, $0)..<Swift.min(upperBound, $0 + size)
        }
    }
}
