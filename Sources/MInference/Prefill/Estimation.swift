/// On which rows a method bases its choice of keys.
public struct Estimation: Sendable, Hashable {
    package enum Storage: Sendable, Hashable {
        case prompt
        case chunks(Int)
    }
    package let storage: Storage

    /// One choice for all rows of the prompt, from its last rows, as MInference 1.0 does.
    ///
    /// Keys and values in the cache then depend on how the prompt ends.
    public static let prompt = Estimation(storage: .prompt)

    /// One choice for each chunk of the positions' grid `[0, size), [size, 2 * size), ...`, from its own last rows.
    ///
    /// What a full chunk leaves in the cache depends on nothing after it, so prefixes can be reused exactly.
    public static func chunks(of size: Int) -> Estimation { Estimation(storage: .chunks(size)) }

    /// Chunks of 16384 tokens.
    public static let chunks = Estimation.chunks(of: 16384)

    /// The runs of positions in `range` that get one choice each.
    package func runs(in range: Range<Int>) -> [Range<Int>] {
        switch storage {
        case .prompt: [range]
        case .chunks(let size): range.split(onGrid: size)
        }
    }
}

extension Range<Int> {
    /// The pieces of this range between multiples of `size`.
    package func split(onGrid size: Int) -> [Range<Int>] {
        stride(from: lowerBound / size * size, to: upperBound, by: size).map {
            Swift.max(lowerBound, $0)..<Swift.min(upperBound, $0 + size)
        }
    }
}
