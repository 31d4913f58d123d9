import ArgumentParser

/// `minference bench`: speeds of this machine.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract:
            "Measure speeds: attention kernels, matrix products, whole prompts, decoding, loading, tokenizers.",
        subcommands: [
            BenchAttentionCommand.self, BenchGEMMCommand.self, BenchPrefillCommand.self,
            BenchDecodeCommand.self, BenchLoadCommand.self, BenchTokenizerCommand.self,
        ] + optional)

    /// The commands that a trait of the package adds.
    private static var optional: [any ParsableCommand.Type] {
        #if Server
            [BenchServeCommand.self]
        #else
            []
        #endif
    }
}
