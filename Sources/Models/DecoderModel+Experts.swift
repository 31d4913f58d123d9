import Checkpoints
import Compute

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The rows of a slice that go to each expert, and how much each counts.
struct ExpertRouting {
    /// `rows[expert]`, ascending.
    var rows: [[Int32]]
    /// `weights[expert][i]` belongs to `rows[expert][i]`.
    var weights: [[Float]]

    /// Sends every row of `logits`, `[rows, experts.count]`, to its likeliest experts.
    ///
    /// The weights are the softmax over all experts, scaled to add up to 1 over the chosen ones if the model says so; of
    /// equal experts the first is chosen.
    init(logits: [Float], experts: ExpertConfiguration) {
        let count = experts.count
        rows = [[Int32]](repeating: [], count: count)
        weights = [[Float]](repeating: [], count: count)
        for row in 0..<logits.count / count {
            let scores = logits[row * count..<(row + 1) * count]
            let highest = scores.max() ?? 0
            let exponentials = scores.map { exp($0 - highest) }
            let order = exponentials.indices.sorted {
                (exponentials[$0], $1) > (exponentials[$1], $0)
            }
            let chosen = order.prefix(experts.perToken)
            let total = (experts.normalizesWeights ? chosen.map { exponentials[$0] } : exponentials).reduce(
                0, +)
            for expert in chosen {
                rows[expert].append(Int32(row))
                weights[expert].append(exponentials[expert] / total)
            }
        }
    }
}

extension DecoderModel {
    /// Where each row of `normed` goes; the router's logits are read back to the host.
    func route(
        _ normed: Tensor, router: any LinearWeight, experts: ExpertConfiguration, workspace: DecoderWorkspace,
        timer: PhaseTimer
    ) throws -> ExpertRouting {
        let logits = workspace.wide(rows: normed.shape[0], width: experts.count)
        try timer.measure(\.linear) {
            try backend.linear(normed, router, into: logits, accumulating: false)
        }
        return try timer.measure(\.other) {
            ExpertRouting(logits: try backend.read(logits), experts: experts)
        }
    }

    /// Runs each expert over the rows that are routed to it and adds its outputs, weighted, to `hidden`.
    func runExperts(
        _ experts: [GatedMLP], routing: ExpertRouting, normed: Tensor, into hidden: Tensor,
        workspace: DecoderWorkspace, timer: PhaseTimer
    ) throws {
        for (expert, rows) in routing.rows.enumerated() where !rows.isEmpty {
            let input = workspace.routed(rows: rows.count)
            let output = workspace.narrow(rows: rows.count)
            try timer.measure(\.other) { try backend.gatherRows(normed, rows: rows, into: input) }
            try run(
                experts[expert], input, into: output, accumulating: false, workspace: workspace, timer: timer)
            try timer.measure(\.other) {
                try backend.addRows(output, to: hidden, rows: rows, weights: routing.weights[expert])
            }
        }
    }
}
