import MInference

/// Keys without repetition, as many as are asked for.
struct KeyStream {
    private let kind: NeedleForm.Word
    private var random: SplitMix64
    private var keys: [String] = []
    private var known: Set<String> = []

    init(kind: NeedleForm.Word, random: SplitMix64) {
        self.kind = kind
        self.random = random
    }

    mutating func prefix(_ count: Int) -> [String] {
        while keys.count < count {
            let key = kind.draw(with: &random)
            if known.insert(key).inserted { keys.append(key) }
        }
        return Array(keys.prefix(count))
    }
}
