import ArgumentParser
import MInference
import SparseAttention

/// How the prompt is processed.
struct AttentionOptions: ParsableArguments {
    @Option(help: "NAME[:key=value,...]; 'minference methods' lists them.")
    var attention = "minference"

    @Option(help: "What each sparse head keeps: mass=SHARE[,max-density=SHARE] or fixed=COLUMNS,DISTANCES.")
    var budget: VerticalSlashBudget?

    @Option(help: "A per-head patterns file in the reference's JSON format.")
    var patterns: String?

    @Option(help: "The least share of attention mass that every head must keep, 0 to 1; wider or dense where less.")
    var minRecall: Double?

    @Option(help: "Indexes from the prompt's last rows ('prompt') or from each chunk's ('chunks[=SIZE]').")
    var estimation = Estimation.prompt

    @Option(help: "Rows per head and run whose exact attention is sampled to measure recall; 0 for none.")
    var recallRows = 4

    func validate() throws {
        if let minRecall, !(0...1).contains(minRecall) { throw ValidationError("--min-recall must be between 0 and 1") }
        if recallRows < 0 { throw ValidationError("--recall-rows must not be negative") }
    }

    /// The parameters for a model; reads the patterns file.
    func parameters(for model: ModelContainer) throws -> PrefillParameters {
        let table = try patterns.map { path in
            let reading = try HeadPatterns.reading(
                file: path, layers: model.configuration.hiddenLayers, heads: model.configuration.attentionHeads)
            for note in reading.notes { Terminal.note("\(path): \(note)") }
            return reading.patterns
        }
        let method = try AttentionMethods.make(
            attention, settings: AttentionMethods.Settings(patterns: table, budget: budget))
        return PrefillParameters(
            attention: method, minRecall: minRecall, estimation: estimation, recallRows: recallRows)
    }
}

extension Estimation: ExpressibleByArgument {}

extension VerticalSlashBudget: ExpressibleByArgument {
    /// `mass=0.95`, `mass=0.95,max-density=0.3` or `fixed=1000,6096`.
    public init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        func value(_ part: String, of key: String) -> String? {
            part.hasPrefix(key + "=") ? String(part.dropFirst(key.count + 1)) : nil
        }
        if let first = parts.first, let gamma = value(first, of: "mass").flatMap(Float.init), gamma > 0, gamma <= 1 {
            guard parts.count > 1 else {
                self = .mass(gamma, maximumDensity: 1)
                return
            }
            guard parts.count == 2, let density = value(parts[1], of: "max-density").flatMap(Float.init),
                density > 0, density <= 1
            else { return nil }
            self = .mass(gamma, maximumDensity: density)
        } else if parts.count == 2, let columns = value(parts[0], of: "fixed").flatMap(Int.init),
            let distances = Int(parts[1]), columns >= 0, distances >= 0
        {
            self = .fixed(verticals: columns, slashes: distances)
        } else {
            return nil
        }
    }
}
