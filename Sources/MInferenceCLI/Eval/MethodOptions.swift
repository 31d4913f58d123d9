import ArgumentParser
import Evaluation
import MInference
import SparseAttention

/// The methods that an evaluation compares.
struct MethodOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "NAME[:key=value,...], comma-separated; 'minference methods' lists them, 'static' calibrates itself.",
            valueName: "list"))
    var methods = MethodList(["dense", "minference"])

    @Option(help: "What minference keeps: a share of attention mass (0.95), or counts (COLUMNS,DISTANCES).")
    var budget: VerticalSlashBudget?

    @Option(
        help:
            "A per-head patterns file for minference; 'none' leaves out the patterns.json of the model's folder."
    )
    var patterns: String?

    @Option(help: "The least share of attention mass that every head must keep, 0 to 1, for all but dense.")
    var minRecall: Double?

    @Option(help: "Rows per head whose exact attention is sampled to measure recall; 0 for none.")
    var recallRows = 4

    func validate() throws {
        if let minRecall, !(0...1).contains(minRecall) {
            throw ValidationError("--min-recall must be between 0 and 1")
        }
        if recallRows < 0 { throw ValidationError("--recall-rows must not be negative") }
        guard Set(methods.values).count == methods.values.count else {
            throw ValidationError("--methods names a method twice")
        }
        for method in methods.values where method != Self.calibrated {
            do {
                _ = try AttentionMethods.make(method)
            } catch {
                throw ValidationError("--methods: \(error)")
            }
        }
    }

    /// The method whose indexes come from a calibration prompt.
    private static let calibrated = "static"

    /// The methods for a model; reads the patterns file.
    func evaluated(for model: ModelContainer) throws -> [EvaluatedMethod] {
        let choice = PatternsChoice(option: patterns)
        let settings = try choice.settings(for: model, budget: budget)
        var extra = budget.map { " budget=\($0)" } ?? ""
        if budget == nil, let table = choice.path(for: model) {
            extra += " patterns=" + ModelFingerprint.hash(of: try InputFile.bytes(of: table))
        }
        return try methods.values.map { name in
            let isCalibrated = name == Self.calibrated
            let isOwn = MethodList.leadingName(of: name) == "minference"
            // An index of blocks is no set of lines that could be kept, so patterns are not calibrated with.
            let method = try AttentionMethods.make(
                isCalibrated ? "minference" : name,
                settings: isOwn ? settings : AttentionMethods.Settings(budget: isCalibrated ? budget : nil))
            let parameters = PrefillParameters(
                attention: method, minRecall: name == "dense" ? nil : minRecall, recallRows: recallRows)
            return isCalibrated
                ? .calibrated(name: name, parameters: parameters)
                : EvaluatedMethod(name: name, parameters: parameters, extra: isOwn ? extra : "")
        }
    }
}
