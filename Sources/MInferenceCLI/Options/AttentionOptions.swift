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

    @Option(
        help: ArgumentHelp(
            "A per-head patterns file: of 'minference search', or in the reference's JSON format; 'none' leaves out the "
                + "patterns.json of the model's folder."))
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
        try parameters(with: settings(for: model))
    }

    /// The parameters with what `settings(for:)` read.
    func parameters(with settings: AttentionMethods.Settings) throws -> PrefillParameters {
        PrefillParameters(
            attention: try AttentionMethods.make(attention, settings: settings), minRecall: minRecall,
            estimation: estimation, recallRows: recallRows, kvPrecision: kv)
    }

    /// The patterns and the budget, as far as they are given or the model's own.
    func settings(for model: ModelContainer) throws -> AttentionMethods.Settings {
        try PatternsChoice(option: patterns).settings(for: model, budget: budget)
    }

    /// The contents of files that change what attention keeps, for what is cached beyond this process.
    func cacheContext(for model: ModelContainer) throws -> String {
        let named = attention.split(separator: ",").compactMap { part in
            part.split(separator: "=").dropFirst().last.map(String.init)
        }.filter { access($0, R_OK) == 0 }
        let table = PatternsChoice(option: patterns).path(for: model)
        return try ([table].compactMap(\.self) + named).map { try InputText.resolve("@\($0)") }
            .joined(separator: "\n")
    }
}

extension Estimation: ExpressibleByArgument {}
extension KVPrecision: ExpressibleByArgument {}

extension VerticalSlashBudget: ExpressibleByArgument {
    /// `0.95` or `1000,6096`.
    public init?(argument: String) { self.init(parsing: argument) }
}
