import ArgumentParser

/// `minference eval`: does a model still answer right?
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Measure answers: needle in a haystack by length and depth; what 8 bits change.",
        subcommands: [EvalNeedleCommand.self, EvalQuantizationCommand.self])
}
