/// Dual-chunk attention: a long sequence in chunks, of which a row sees the earlier ones from no further than the model
/// was trained to look.
///
/// A key counts as being at its place in its chunk. A row counts as being at its own place for the keys of its own
/// chunk, `length` places further for those of the chunk before, but not beyond `reach`, and for all earlier chunks where
/// the last place of a chunk is for the chunk before. All keys share one softmax. Sources: ChunkLlama (arXiv
/// 2402.17463), section 3, and Qwen2.5-1M (arXiv 2501.15383), section 5.1.
///
/// Only the distance of a row and a key matters, so keys stay rotated at their true positions here, and the row moves.
public struct DualChunks: Sendable, Hashable {
    /// Tokens of a chunk; the difference of `chunk_size` and `local_size`.
    public let length: Int
    /// The largest distance; `chunk_size`.
    public let reach: Int

    /// Chunks; `length` is positive and not above `reach`.
    public init(length: Int, reach: Int) {
        precondition(length > 0 && length <= reach, "a chunk has tokens, and its first key is in reach")
        self.length = length
        self.reach = reach
    }

    /// The chunk of a position.
    public func chunk(of position: Int) -> Int { position / length }

    /// In sequences of up to this many tokens every row is at its true position.
    public var plainTokens: Int { min(reach, 2 * length - 1) + 1 }

    /// The position at which the row at `position` attends the keys `back` chunks before its own, which are rotated at
    /// their true positions.
    public func seat(of position: Int, back: Int) -> Int {
        let (chunk, place) = position.quotientAndRemainder(dividingBy: length)
        guard back > 0 else { return position }
        let distance = min((back == 1 ? place : length - 1) + length, reach)
        return (chunk - back) * length + distance
    }

    /// Runs of `positions` that attend keys `back` chunks before their own from one seat, or, where it is nil, from their
    /// true positions; without those that have no such keys.
    public func runs(of positions: Range<Int>, back: Int) -> [(positions: Range<Int>, seat: Int?)] {
        let first = max(positions.lowerBound, back * length)
        guard first < positions.upperBound else { return [] }
        guard back > 0 else { return [(positions, nil)] }
        var runs: [(positions: Range<Int>, seat: Int?)] = []
        for chunk in first / length...(positions.upperBound - 1) / length {
            let start = chunk * length
            // Places from here on are out of reach of the first key of the chunk before.
            let moved = back == 1 ? start + min(reach - length, length) : start
            for (range, isMoved) in [(start..<moved, false), (moved..<start + length, true)] {
                let clamped = range.clamped(to: first..<positions.upperBound)
                guard !clamped.isEmpty else { continue }
                runs.append((clamped, isMoved ? seat(of: clamped.upperBound - 1, back: back) : nil))
            }
        }
        return runs
    }

    /// The keys `back` chunks before the row at `position`, of those up to its own.
    public func keys(of position: Int, back: Int) -> Range<Int> {
        let start = (chunk(of: position) - back) * length
        return start..<min(start + length, position + 1)
    }
}
