/// Distances and columns that every row of a head keeps.
///
/// Row position `p` attends key `k <= p` when `p - k` lies in `distances` or `k` is one of `columns`. Because a set
/// of distances is the same for every row, the index of a head is two short lists, whatever the prompt's length.
///
/// A kernel with row blocks of `R` rows and aligned groups of `G` keys computes, for the block at positions
/// `[p0, p0 + R)`, every key of a group that meets `[p0 - hi + 1, p0 + R - lo)` for one of the ranges `[lo, hi)`
/// (the projection of the diagonal over a whole block's rows, also for a last block that is shorter), and single
/// columns elsewhere. A kernel with boxes computes those of `SlashBoxes` instead of groups.
public struct SlashIndex: Sendable, Hashable {
    /// Kept distances as ascending, disjoint, non-touching ranges.
    public let distances: [Range<Int32>]
    /// Kept key positions, ascending and unique.
    public let columns: [Int32]

    /// Takes lists that are already ascending and disjoint; traps in debug builds when they are not.
    public init(distances: [Range<Int32>], columns: [Int32]) {
        assert(zip(distances, distances.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        assert(zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
        assert(distances.allSatisfy { !$0.isEmpty && $0.lowerBound >= 0 } && (columns.first ?? 0) >= 0)
        self.distances = distances
        self.columns = columns
    }

    /// Takes lines in any order, with duplicates; negative ones are dropped.
    public init(unsortedDistances: some Sequence<Int32>, unsortedColumns: some Sequence<Int32>) {
        var columns: [Int32] = []
        for column in unsortedColumns.filter({ $0 >= 0 }).sorted() where column != columns.last {
            columns.append(column)
        }
        self.init(
            distances: Self.ranges(ofAscending: unsortedDistances.filter { $0 >= 0 && $0 < .max }.sorted()),
            columns: columns)
    }

    /// A-shape: the first `sinks` keys and the last `local` distances, `{k < sinks}` and `{0 <= p - k < local}`.
    ///
    /// Source: StreamingLLM; MInference's A-shape heads.
    public static func aShape(sinks: Int, local: Int) -> SlashIndex {
        let local = Int32(clamping: max(local, 0))
        return SlashIndex(
            distances: local > 0 ? [0..<local] : [], columns: Array(0..<Int32(clamping: max(sinks, 0))))
    }

    /// The runs of an ascending list of distances, in which duplicates may occur.
    package static func ranges(ofAscending distances: [Int32]) -> [Range<Int32>] {
        distances.withUnsafeBufferPointer { ranges(ofAscending: $0) }
    }

    /// The same. Buffers and not any collection: a generic function is not specialised for other modules, where it took
    /// half a millisecond for a head of 6096 distances.
    package static func ranges(ofAscending distances: UnsafeBufferPointer<Int32>) -> [Range<Int32>] {
        guard var start = distances.first else { return [] }
        var count = 1
        for place in 1..<distances.count where distances[place] > distances[place - 1] + 1 { count += 1 }
        return [Range<Int32>](unsafeUninitializedCapacity: count) { ranges, filled in
            var end = start + 1
            for distance in distances {
                if distance > end {
                    ranges.initializeElement(at: filled, to: start..<end)
                    filled += 1
                    start = distance
                }
                end = distance + 1
            }
            ranges.initializeElement(at: filled, to: start..<end)
            filled += 1
        }
    }

    /// Every distance: dense causal attention.
    public static let dense = SlashIndex(distances: [0..<Int32.max], columns: [])

    /// Whether the distances alone keep every causal key of `keyCount` keys.
    public func isDense(keyCount: Int) -> Bool {
        distances.first.map { $0.lowerBound == 0 && Int($0.upperBound) >= keyCount } ?? false
    }
}
