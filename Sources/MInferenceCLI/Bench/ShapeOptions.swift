import ArgumentParser
import Checkpoints
import Compute
import MInference

/// A model that is only a shape, for measurements without a checkpoint.
struct ShapeOptions: ParsableArguments {
    @Option(
        help:
            "Measure a model of this shape with random weights instead of a checkpoint: \(BenchmarkModel.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var config: BenchmarkModel?

    @Flag(help: "Confirms that weights are random; needed with --config.")
    var randomWeights = false

    @Option(help: "Tokens of the prompt, with --config; K stands for 1024.")
    var tokens: TokenCount?

    @Option(help: "Fewer layers than the shape has.")
    var layers: Int?

    @Option(help: "Tokens to decode after the prompt, with --config.")
    var decode = 16

    func validate() throws {
        guard config != nil else {
            guard !randomWeights, tokens == nil, layers == nil else {
                throw ValidationError("--random-weights, --tokens and --layers go with --config")
            }
            return
        }
        guard randomWeights else {
            throw ValidationError("--config has no weights; add --random-weights to measure with random ones")
        }
        if let tokens, !(64...1 << 24).contains(tokens.value) {
            throw ValidationError("--tokens must be between 64 and \(1 << 24)")
        }
        if let layers, !(1...1024).contains(layers) {
            throw ValidationError("--layers must be between 1 and 1024")
        }
        guard (0...4096).contains(decode) else {
            throw ValidationError("--decode must be between 0 and 4096")
        }
    }
}

/// A number of tokens; `K` stands for 1024.
struct TokenCount: ExpressibleByArgument {
    let value: Int

    init?(argument: String) {
        guard let list = IntegerList(argument: argument), list.values.count == 1 else { return nil }
        value = list.values[0]
    }
}

extension BenchmarkModel: ExpressibleByArgument {}
