/// The order in which a kernel works on heads: groups that share keys side by side, what takes longest first.
///
/// Whole groups stay together, so that the cache of the GPU sees their keys once; when some group misses a head, heads
/// go one by one. With the longest first the processors finish at about the same time.
struct HeadOrder {
    /// Places of the heads in the list that was given, in the order of work.
    let places: [Int]
    /// How many neighbours of `places` share their keys.
    let run: Int

    /// Orders heads by cost.
    ///
    /// - Parameters:
    ///   - heads: query heads, ascending.
    ///   - costs: what each head takes, in any unit.
    ///   - groupSize: query heads per key head.
    init(heads: [Int], costs: [Int], groupSize: Int) {
        var groups: [Int: (places: [Int], cost: Int)] = [:]
        for (place, head) in heads.enumerated() {
            groups[head / groupSize, default: ([], 0)].places.append(place)
            groups[head / groupSize]!.cost += costs[place]
        }
        if groups.values.allSatisfy({ $0.places.count == groupSize }) {
            run = groupSize
            places = groups.sorted { ($1.value.cost, $0.key) < ($0.value.cost, $1.key) }.flatMap {
                $0.value.places
            }
        } else {
            run = 1
            places = heads.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
        }
    }
}
