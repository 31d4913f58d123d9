import ArgumentParser
import Compute
import Evaluation
import JSON
import MInference
import SparseAttention

/// `minference eval quantization`: how far logits are from those of bfloat16 weights and caches.
struct EvalQuantizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantization",
        abstract: "Compare logits of 8-bit weights, keys and values with those of the compute type.",
        discussion: """
            A prompt of procedural prose (synthetic) is read with dense attention and its continuation goes through the \
            decoder, token by token. Errors are relative Frobenius norms of logits without their means; divergences \
            are Kullback-Leibler, in nats, of the compute type's distribution from the other.
            """)

    @OptionGroup(title: "Model") var model: ModelOptions

    @Option(help: "Tokens of the prompt.")
    var promptTokens = 1024

    @Option(help: "Tokens of the continuation.")
    var tokens = 128

    @Option(help: "Which prose.")
    var seed: UInt64 = 1

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard (64...1 << 17).contains(promptTokens), (1...1 << 12).contains(tokens) else {
            throw ValidationError(
                "--prompt-tokens must be between 64 and 131072, --tokens between 1 and 4096")
        }
    }

    /// One way to hold weights, keys and values.
    private struct Way {
        let weights: WeightFormat
        let kv: KVPrecision

        static let all = [
            Way(weights: .int8, kv: .native), Way(weights: .int8(groupSize: 32), kv: .native),
            Way(weights: .float8, kv: .native), Way(weights: .native, kv: .int8),
            Way(weights: .native, kv: .float8), Way(weights: .int8, kv: .int8),
        ]
    }

    func run() async throws {
        let right = try await load(.native)
        let text = try prose(for: right)
        let expected = try await logits(of: right, text, kv: .native)
        var table = Table([
            "weights", "keys and values", "relative error", "divergence", "largest", "same token",
        ])
        var rows: [JSONValue] = []
        for way in Way.all {
            let found =
                way.weights == .native
                ? try await logits(of: right, text, kv: way.kv)
                : try await logits(of: try await load(way.weights), text, kv: way.kv)
            let comparison = LogitsComparison(found, right: expected)
            table.append([
                "\(way.weights)", way.kv.rawValue, Format.percent(comparison.relativeError, digits: 2),
                Format.fixed(comparison.divergence, 6), Format.fixed(comparison.largestDivergence, 6),
                Format.percent(comparison.agreement),
            ])
            rows.append([
                "weights": .string(way.weights.description), "kv": .string(way.kv.rawValue),
                "relativeError": .double(comparison.relativeError),
                "divergence": .double(comparison.divergence),
                "largestDivergence": .double(comparison.largestDivergence),
                "sameToken": .double(comparison.agreement),
            ])
        }
        if json {
            let result: JSONValue = [
                "evaluation": "quantization", "data": "synthetic prose", "model": .string(right.directory),
                "machine": .string(right.deviceSummary), "promptTokens": .int(promptTokens),
                "tokens": .int(tokens), "ways": .array(rows),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        try Terminal.print(
            "\(right.deviceSummary), \(right.dtype), \(promptTokens) + \(tokens) tokens of synthetic prose")
        try Terminal.print(table.text)
    }

    private func load(_ weights: WeightFormat) async throws -> ModelContainer {
        try await ModelContainer.load(
            model.model, device: model.device, dtype: model.dtype ?? .bfloat16, weights: weights,
            threads: model.threads, note: { Terminal.note($0) })
    }

    /// As many tokens of prose as prompt and continuation need.
    private func prose(for model: ModelContainer) throws -> [Int32] {
        let count = promptTokens + tokens
        let document = try NeedleDocument(
            length: 2 * count + 1024, depth: 50, needle: .sanFrancisco, seed: seed,
            countTokens: { model.tokenizer.encode(text: $0, addSpecialTokens: false).count })
        let all = model.tokenizer.encode(text: document.content)
        guard all.count >= count else {
            throw ValidationError("the prose has only \(all.count) tokens; ask for fewer")
        }
        return all.prefix(count).map { Int32($0) }
    }

    private func logits(of model: ModelContainer, _ text: [Int32], kv: KVPrecision) async throws -> [[Float]]
    {
        let (prompt, continuation) = (Array(text.prefix(promptTokens)), Array(text.dropFirst(promptTokens)))
        return try await model.engine.run { core in
            var prefill = PrefillParameters(attention: DenseMethod(), recallRows: 0)
            prefill.kvPrecision = kv
            return try core.logits(
                of: GenerationRequest(
                    prompt: prompt, maxTokens: continuation.count, prefill: prefill,
                    allowBeyondTrainedLength: true),
                continuing: continuation)
        }
    }
}
