import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference
import PatternSearch
import SparseAttention

/// `minference search`: a patterns file for a model.
struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find the sparse pattern of every head of a model, offline.",
        discussion: """
            Candidates of all three shapes are matched by the time that they take on the device at hand, and what \
            loses least is kept. An interrupted search goes on when it is started again. Documentation/Search.md \
            explains the choices.

            Examples:
              minference search --model org/name --output patterns.json
              minference search --model org/name --budget time=0.05 --allocate --space fine --output patterns.json
              minference -p @book.txt --model org/name --patterns patterns.json
            """)

    @OptionGroup(title: "Model") var model: ModelOptions
    @OptionGroup(title: "Samples") var samples: SampleOptions

    @Option(help: "Where the patterns go. OUTPUT.state holds what was measured so far.")
    var output: String

    @Option(help: "Write the patterns in the reference's format, too.")
    var referenceOutput: String?

    @Option(
        help: ArgumentHelp(
            "paper (its families in steps of 50), fine (smaller sizes, steps of 8), released (the reference's list)."
        ))
    var space = SearchSpace.paper

    @Option(
        help: ArgumentHelp(
            "What patterns are to keep: output (the attention output), recall (attention mass), answer (what the model "
                + "answers; one budget over all layers)."))
    var objective = SearchObjective.output

    @Option(
        help: ArgumentHelp(
            "What patterns may cost: flops=SHARE or time=SHARE of dense attention, or recall=SHARE to keep at least; "
                + "without it as much time as an A-shape of 1024 and 4096 tokens."))
    var budget = SearchBudget.reference

    @Flag(help: "Spend one budget over all heads and layers where it buys most, not the same for each head.")
    var allocate = false

    @Option(help: "Other lengths on which the exponent of the length rule is measured, comma-separated.")
    var ruleLengths: IntegerList?

    @Option(help: "Blocks of 64 rows, spread over a sample, whose output is compared.")
    var rowBlocks = 16

    @Flag(help: "Measure the device's times anew instead of taking those of an earlier search.")
    var recalibrate = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        if !(1...4096).contains(rowBlocks) {
            throw ValidationError("--row-blocks must be between 1 and 4096")
        }
        if space == .released, allocate || budget != .reference {
            throw ValidationError("--space released is a fixed list: leave out --budget and --allocate")
        }
        if objective == .answer, space == .released || budget.isRecall {
            throw ValidationError(
                "--objective answer spends a budget: give --budget flops=SHARE or time=SHARE")
        }
        if let ruleLengths, !ruleLengths.values.allSatisfy({ $0 >= PatternSearch.leastTokens }) {
            throw ValidationError("--rule-lengths must be at least \(PatternSearch.leastTokens)")
        }
    }

    func run() async throws {
        try ReportFile.check(output)
        if let referenceOutput { try ReportFile.check(referenceOutput) }
        let model = try await model.load()
        let fingerprint = try ModelFingerprint.weights(in: model.directory)
        let tokens = try samples.tokens(length: samples.length.values[0], model: model)
        var settings = SearchSettings(
            space: space, objective: objective, budget: budget, allocates: allocate)
        settings.rowBlocks = rowBlocks
        let device = deviceIdentity(model)
        let cache = CalibrationCache()
        let search = PatternSearch(
            settings: settings, statePath: output + ".state",
            knownCost: recalibrate ? nil : cache.load(device))
        let cancellation = CancellationFlag()
        let interrupt = Interrupt { cancellation.cancel() }
        defer { withExtendedLifetime(interrupt) {} }
        let bar = ProgressBar(title: "searching")
        let total = tokens.reduce(0) { $0 + $1.count }
        let outcome: PatternSearch.Outcome
        do {
            outcome = try await search.run(
                model: model, samples: tokens,
                identity: identity(model, fingerprint: fingerprint, device: device),
                cancellation: cancellation
            ) { done, layers in bar.update(fraction: Double(done) / Double(layers), tokens: total) }
        } catch ComputeError.cancelled {
            bar.finish()
            Terminal.note("interrupted; the same command goes on from \(output).state")
            throw ExitCode.failure
        }
        bar.finish()
        if settings.needsCalibration { cache.store(outcome.cost, device: device) }
        var patterns = outcome.patterns(objective: objective)
        if let ruleLengths {
            patterns.lengthRule = try await LengthRuleFit(
                search: search, samples: samples, cost: outcome.cost
            ).rule(of: patterns, tokens: outcome.tokens, lengths: ruleLengths.values, model: model)
        }
        let file = PatternsFile(
            patterns: patterns, fingerprint: fingerprint,
            search: provenance(outcome, model: model, device: device))
        try file.write(file: output)
        try referenceOutput.map { try patterns.write(file: $0) }
        let report = SearchReport(outcome: outcome, patterns: patterns, settings: settings, output: output)
        try Terminal.print(json ? report.json.text(pretty: true) : report.text)
    }

    /// What the measured times belong to.
    private func deviceIdentity(_ model: ModelContainer) -> String {
        let configuration = model.configuration
        return "\(model.deviceSummary), \(model.dtype), \(configuration.attentionHeads) heads of "
            + "\(configuration.headDimensions) on \(configuration.kvHeads)"
    }

    /// What the state file of a search belongs to.
    private func identity(_ model: ModelContainer, fingerprint: String, device: String) -> JSONValue {
        [
            "fingerprint": .string(fingerprint), "space": .string(space.rawValue),
            "objective": .string(objective.rawValue), "budget": .string(budget.description),
            "allocate": .bool(allocate), "samples": samples.description,
            "length": .int(samples.length.values[0]), "rowBlocks": .int(rowBlocks),
            "device": .string(device),
        ]
    }

    /// How the patterns were found, for the file: nothing that differs between two searches of the same.
    private func provenance(
        _ outcome: PatternSearch.Outcome, model: ModelContainer, device: String
    ) -> JSONValue {
        [
            "space": .string(space.rawValue), "objective": .string(objective.rawValue),
            "budget": .string(budget.description), "allocate": .bool(allocate),
            "samples": samples.description, "length": .int(outcome.tokens),
            "ruleLengths": .array((ruleLengths?.values ?? []).map { .int($0) }),
            "rowBlocks": .int(rowBlocks), "device": .string(device), "cost": outcome.cost.json,
        ]
    }
}
