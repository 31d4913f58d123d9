import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference
import PatternSearch

/// What is searched on.
struct SampleOptions: ParsableArguments {
    @Option(help: "A text file to search on, cut to --length tokens; 'synthetic' makes samples of --tasks.")
    var samples = "synthetic"

    @Option(
        help:
            "Tasks of synthetic samples, comma-separated; the first one matches costs. 'minference eval' has them."
    )
    var tasks = "niah_multikey_3"

    @Option(help: "Tokens of a sample; K stands for 1024.")
    var length = IntegerList([32768])

    @Option(help: "Which synthetic samples.")
    var seed: UInt64 = 1

    func validate() throws {
        guard length.values.count == 1, length.values[0] >= PatternSearch.leastTokens else {
            throw ValidationError("--length must be one number, at least \(PatternSearch.leastTokens)")
        }
        for name in taskNames {
            do {
                _ = try EvaluationTask.named(name)
            } catch { throw ValidationError("--tasks: \(error)") }
        }
    }

    /// The names of the tasks.
    var taskNames: [String] { tasks.split(separator: ",").map(String.init) }

    /// What the samples are, for the file that the search writes.
    var description: JSONValue {
        samples == "synthetic"
            ? [
                "synthetic": .array(taskNames.map { .string($0) }),
                "seed": .int(Int(truncatingIfNeeded: seed)),
            ]
            : ["file": .string(samples)]
    }

    /// The tokens of every sample of `length` tokens.
    func tokens(length: Int, model: ModelContainer) throws -> [[Int]] {
        guard samples == "synthetic" else {
            let tokens = model.tokenizer.encode(text: try InputText.resolve("@" + samples))
            guard tokens.count >= PatternSearch.leastTokens else {
                throw SearchError.tooShort(tokens: tokens.count, minimum: PatternSearch.leastTokens)
            }
            return [Array(tokens.prefix(length))]
        }
        return try taskNames.map { name in
            try SyntheticPrompts(task: name, length: length, model: model).tokens(seed: seed)
        }
    }
}

extension SearchSpace: ExpressibleByArgument {}
extension SearchObjective: ExpressibleByArgument {}

extension SearchBudget: ExpressibleByArgument {
    /// `flops=0.05`, `time=0.05` or `recall=0.95`.
    public init?(argument: String) { self.init(parsing: argument) }
    /// What help shows.
    public var defaultValueDescription: String { description }
}
