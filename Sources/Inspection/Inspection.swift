import Compute
import MInference
import SparseAttention
import Synchronization

/// What attention looks like in a dense run over one prompt, and what a method would keep of it.
public struct Inspection: Sendable {
    /// A head.
    public struct Head: Sendable, Hashable {
        /// The decoder layer.
        public var layer: Int
        /// The query head.
        public var head: Int

        /// A head.
        public init(layer: Int, head: Int) {
            self.layer = layer
            self.head = head
        }
    }

    /// What is looked at.
    public struct Request: Sendable {
        /// Chooses the indexes that are shown.
        public var method: any AttentionMethod
        /// The heads whose maps are drawn.
        public var maps: [Head]
        /// Cells of a map's side.
        public var side = 256
        /// The tokens at the prompt's end that are an answer, for recall while decoding.
        public var answerTokens = 0

        /// A request.
        public init(method: any AttentionMethod, maps: [Head], answerTokens: Int = 0) {
            self.method = method
            self.maps = maps
            self.answerTokens = answerTokens
        }
    }

    /// Tokens of the prompt.
    public private(set) var tokens = 0
    /// The maps that were asked for.
    public private(set) var maps: [AttentionMap] = []
    /// `patterns[layer][head]`: what each head's index was chosen by.
    public private(set) var patterns: [[HeadPattern]] = []
    /// `densities[layer][head]`: the share of causal pairs that the index computes.
    public private(set) var densities: [[Double]] = []
    /// `recalls[layer][head]`: the share of attention mass that it keeps, over sampled rows.
    public private(set) var recalls: [[Double]] = []
    /// What the best columns hold.
    public private(set) var columns = ColumnRecall(counts: [])
    /// What the best keys hold while decoding; nil without an answer.
    public private(set) var decoding: DecodingRecall?

    /// Runs `prompt` densely and looks at every layer. With `other`, columns are also compared with that prompt's.
    public static func run(
        _ request: Request, prompt: [Int], other: [Int]? = nil, model: ModelContainer,
        cancellation: CancellationFlag = CancellationFlag()
    ) async throws -> Inspection {
        let method = try request.method.bound(
            to: ModelExtents(
                layers: model.configuration.hiddenLayers, heads: model.configuration.attentionHeads,
                kvHeads: model.configuration.kvHeads))
        let reused = Mutex<[[[Int32]]]>([])
        if let other {
            try await model.observe(other, cancellation: cancellation) { call in
                let heads = Array(0..<call.shape.heads)
                let sums = try call.probe.lastRowSums(heads: heads, rows: 64)
                reused.withLock { $0.append(sums.map { ColumnRecall.ranking($0.columns) }) }
            }
        }
        let rankings = reused.withLock { $0 }
        let state = Mutex(Inspection())
        state.withLock { $0.tokens = prompt.count }
        try await model.observe(prompt, cancellation: cancellation) { call in
            try state.withLock { try $0.look(at: call, request: request, method: method, others: rankings) }
        }
        return state.withLock { inspection in
            // Sums over all heads become means.
            inspection.decoding?.divide(by: Double(inspection.patterns.joined().count))
            return inspection
        }
    }

    private mutating func look(
        at call: AttentionCallView, request: Request, method: any AttentionMethod, others: [[[Int32]]]
    ) throws {
        let heads = Array(0..<call.shape.heads)
        let selections = try method.select(layer: call.layer, probe: call.probe)
        patterns.append(selections.map(\.pattern))
        densities.append(selections.map { Double($0.computedPairs) / Double(max(call.shape.causalPairs, 1)) })
        recalls.append(
            try RecallSampler(rowCount: 16).recalls(
                heads: heads, selections: selections, probe: call.probe
            ).map(\.mean))
        for map in request.maps where map.layer == call.layer {
            maps.append(
                try AttentionMap(
                    layer: call.layer, head: map.head, selection: selections[map.head], side: request.side,
                    probe: call.probe))
        }
        try addColumns(call, others: others.indices.contains(call.layer) ? others[call.layer] : nil)
        if request.answerTokens > 0 { try addDecoding(call, answer: request.answerTokens) }
    }

    private mutating func addColumns(_ call: AttentionCallView, others: [[Int32]]?) throws {
        let sums = try call.probe.lastRowSums(heads: Array(0..<call.shape.heads), rows: 64)
        columns.counts = ColumnRecall.counts(keyCount: call.shape.keyCount)
        func mean(_ shares: [[Double]]) -> [Double] {
            columns.counts.indices.map { place in
                shares.reduce(0) { $0 + $1[place] } / Double(shares.count)
            }
        }
        let counts = columns.counts
        columns.own.append(
            mean(
                sums.map {
                    ColumnRecall.shares($0.columns, ranking: ColumnRecall.ranking($0.columns), counts: counts)
                }))
        if let others {
            columns.other.append(
                mean(
                    zip(sums, others).map {
                        ColumnRecall.shares($0.columns, ranking: $1, counts: counts)
                    }))
        }
    }

    private mutating func addDecoding(_ call: AttentionCallView, answer: Int) throws {
        let shape = call.shape
        let count = max(shape.keyCount / 100, 16)
        var decoding =
            decoding
            ?? DecodingRecall(
                count: count, dynamic: [Double](repeating: 0, count: answer),
                fixed: [Double](repeating: 0, count: answer))
        for head in 0..<shape.heads {
            let before = shape.queryCount - answer - 1
            let first = try call.probe.probabilities(head: head, row: before)
            let fixed = Set(TopLines.select(first, count: count))
            for step in 0..<answer {
                let row = try call.probe.probabilities(head: head, row: before + 1 + step)
                let best = TopLines.select(row, count: count)
                decoding.dynamic[step] += best.reduce(0) { $0 + Double(row[Int($1)]) }
                let kept = fixed.reduce(0) { $0 + Double(row[Int($1)]) }
                let since = row[first.count...].reduce(0) { $0 + Double($1) }
                decoding.fixed[step] += kept + since
            }
        }
        self.decoding = decoding
    }
}
