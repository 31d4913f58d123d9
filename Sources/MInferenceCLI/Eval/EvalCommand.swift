import ArgumentParser

/// `minference eval`: does a model still answer right?
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval", abstract: "Measure answers: RULER, and a needle by length and depth.",
        subcommands: [EvalRulerCommand.self, EvalNeedleCommand.self])
}
