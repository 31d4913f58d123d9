import ArgumentParser
import Evaluation
import Glibc
import MInference
import SparseAttention

/// How the prompt is processed.
struct AttentionOptions: ParsableArguments {
    @Option(help: "NAME[:key=value,...]; 'minference methods' lists them.")
    var attention = "minference"

    @Option(
        help: "What each sparse head keeps: a share of attention mass (0.95), or counts (COLUMNS,DISTANCES).")
    var budget: VerticalSlashBudget?

    @Option(help: "A per-head patterns file: of 'minference search', or in the reference's JSON format.")
    var patterns: String?

    @Option(
        help:
            "The least share of attention mass that every head must keep, 0 to 1; wider or dense where less.")
    var minRecall: Double?

    @Option(help: "Indexes from the prompt's last rows ('prompt') or from each chunk's ('chunks[=SIZE]').")
    var estimation = Estimation.prompt

    @Option(help: "Rows per head and run whose exact attention is sampled to measure recall; 0 for none.")
    var recallRows = 4

    @Option(
        help:
            "How keys and values are kept for decoding: native, fp8, int8 (CPU), or auto: fp8 only when memory asks for it."
    )
    var kv = KVPrecision.automatic

    func validate() throws {
        if let minRecall, !(0...1).contains(minRecall) {
            throw ValidationError("--min-recall must be between 0 and 1")
        }
        if recallRows < 0 { throw ValidationError("--recall-rows must not be negative") }
        do {
            _ = try AttentionMethods.make(attention)
        } catch {
            throw ValidationError("--attention: \(error)")
        }
    }

    /// The parameters for a model; reads the patterns file.
    func parameters(for model: ModelContainer) throws -> PrefillParameters {
        let table = try patterns.map { path in
            let reading = try HeadPatterns.reading(
                file: path, layers: model.configuration.hiddenLayers,
                heads: model.configuration.attentionHeads,
                fingerprint: try ModelFingerprint.weights(in: model.directory))
            for note in reading.notes { Terminal.note("\(path): \(note)") }
            return reading.patterns
        }
        let method = try AttentionMethods.make(
            attention, settings: AttentionMethods.Settings(patterns: table, budget: budget))
        return PrefillParameters(
            attention: method, minRecall: minRecall, estimation: estimation, recallRows: recallRows,
            kvPrecision: kv)
    }

    /// The contents of files that change what attention keeps, for what is cached beyond this process.
    func cacheContext() throws -> String {
        let named = attention.split(separator: ",").compactMap { part in
            part.split(separator: "=").dropFirst().last.map(String.init)
        }.filter { access($0, R_OK) == 0 }
        return try ([patterns].compactMap(\.self) + named).map { try InputText.resolve("@\($0)") }
            .joined(separator: "\n")
    }
}

extension Estimation: ExpressibleByArgument {}
extension KVPrecision: ExpressibleByArgument {}

extension VerticalSlashBudget: ExpressibleByArgument {
    /// `0.95` or `1000,6096`.
    public init?(argument: String) { self.init(parsing: argument) }
}
