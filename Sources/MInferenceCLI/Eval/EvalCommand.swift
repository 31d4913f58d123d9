import ArgumentParser

/// `minference eval`: does a model still answer right?
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measure answers, predictions and times of methods: RULER, a needle, a text, first tokens.",
        subcommands: [
            EvalRulerCommand.self, EvalNeedleCommand.self, EvalPerplexityCommand.self,
            EvalLatencyCommand.self,
            EvalReportCommand.self,
        ])
}
