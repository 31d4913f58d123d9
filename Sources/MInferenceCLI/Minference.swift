import ArgumentParser

/// The `minference` command.
@main
struct Minference: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "minference",
        abstract: "Long prompts, answered fast: dynamic sparse attention for Hugging Face checkpoints.",
        discussion: """
            Results go to standard output, progress and remarks to standard error. The exit status is 0 on success, \
            64 for wrong usage and 1 for any other failure, which is explained in one line.
            """,
        version: "0.1.0",
        subcommands: [
            GenerateCommand.self, ChatCommand.self, DemoCommand.self, EvalCommand.self, BenchCommand.self,
            SelftestCommand.self, SearchCommand.self, InspectCommand.self,
            ModelsCommand.self, PullCommand.self, DevicesCommand.self, KernelsCommand.self,
            MethodsCommand.self,
        ] + optional,
        defaultSubcommand: GenerateCommand.self)

    /// The commands that a trait of the package adds.
    private static var optional: [any ParsableCommand.Type] {
        #if Server
            [ServeCommand.self]
        #else
            []
        #endif
    }
}
