/// The symbols of a long piece as a linked list, with a heap of the pairs that may merge: n symbols take O(n log n),
/// where looking at all pairs for each merge would take O(n²) - minutes for a megabyte without a space.
struct MergeList {
    private let merges: MergeTable
    /// The symbol that begins at each place; places that went into one to the left are no longer linked.
    private var symbols: [Int32]
    private var next: [Int32]
    private var previous: [Int32]
    /// The value of the pair that begins at each place, as it is now.
    private var values: [MergeTable.Value]
    /// A binary min-heap of pairs: the order of the merge in the upper half, the place in the lower. A pair that has
    /// changed since is passed over when it comes up.
    private var heap: [UInt64] = []

    init(_ symbols: [Int32], merges: MergeTable) {
        let count = symbols.count
        self.merges = merges
        self.symbols = symbols
        next = (0..<count).map { $0 + 1 < count ? Int32($0 + 1) : -1 }
        previous = (0..<count).map { Int32($0 - 1) }
        values = [MergeTable.Value](repeating: MergeTable.none, count: count)
        heap.reserveCapacity(count)
        for place in 0..<count { update(place) }
    }

    /// Merges until no neighbours do.
    mutating func mergeAll() {
        while let item = pop() {
            let place = Int(item & 0xFFFF_FFFF)
            guard values[place] != MergeTable.none, values[place] >> 32 == item >> 32 else { continue }
            let right = Int(next[place])
            symbols[place] = MergeTable.token(of: values[place])
            values[right] = MergeTable.none
            next[place] = next[right]
            if next[right] >= 0 { previous[Int(next[right])] = Int32(place) }
            update(place)
            if previous[place] >= 0 { update(Int(previous[place])) }
        }
    }

    /// Appends the symbols that are left.
    func appendSymbols(to output: inout [Int32]) {
        var place = 0
        while place >= 0 {
            output.append(symbols[place])
            place = Int(next[place])
        }
    }

    /// Looks up the pair at a place anew.
    private mutating func update(_ place: Int) {
        let right = Int(next[place])
        values[place] = right < 0 ? MergeTable.none : merges.value(symbols[place], symbols[right])
        if values[place] != MergeTable.none { push(values[place] & ~0xFFFF_FFFF | UInt64(place)) }
    }

    private mutating func push(_ item: UInt64) {
        heap.append(item)
        var index = heap.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            if heap[parent] <= item { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = item
    }

    private mutating func pop() -> UInt64? {
        guard let top = heap.first, let item = heap.popLast() else { return nil }
        if heap.isEmpty { return top }
        var index = 0
        while true {
            var child = index * 2 + 1
            if child >= heap.count { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            if heap[child] >= item { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = item
        return top
    }
}
