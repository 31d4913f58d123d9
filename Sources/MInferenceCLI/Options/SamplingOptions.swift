import ArgumentParser
import MInference

/// How tokens are drawn, and when the answer ends. What is not given comes from the checkpoint.
struct SamplingOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .long], help: "The most tokens to generate.")
    var maxTokens: Int?

    @Option(name: [.customShort("t"), .long], help: "0 always takes the likeliest token.")
    var temperature: Double?

    @Option(help: "Draw from the likeliest tokens that make up this share.")
    var topP: Double?

    @Option(help: "Draw from this many likeliest tokens; 0 for all.")
    var topK: Int?

    @Option(help: "Draw from tokens at least this likely, relative to the likeliest.")
    var minP: Double?

    @Option(help: "Above 1 makes tokens that occurred less likely.")
    var repetitionPenalty: Double?

    @Option(help: "The same seed draws the same tokens.")
    var seed: UInt64?

    @Option(help: ArgumentHelp("End the answer before this text; may be repeated.", valueName: "text"))
    var stop: [String] = []

    @Flag(help: "Answer with a JSON object.")
    var jsonObject = false

    @Option(
        help: ArgumentHelp("Answer with JSON that meets the JSON Schema in this file.", valueName: "file"))
    var jsonSchema: String?

    @Flag(name: .customLong("ignore-eos"), help: "Go on after end-of-text tokens.")
    var ignoreEOS = false

    @Flag(help: "Allow prompts longer than the model was trained for.")
    var allowBeyondTrainedLength = false

    func validate() throws {
        if jsonObject, jsonSchema != nil {
            throw ValidationError("--json-object and --json-schema exclude each other")
        }
    }

    /// What the answer must be; reads the schema's file.
    func responseFormat() throws -> ResponseFormat {
        guard let jsonSchema else { return jsonObject ? .jsonObject : .text }
        let schema = try InputText.resolve("@" + jsonSchema)
        do {
            return try .jsonSchema(schema)
        } catch {
            throw InputError.badSchema(name: jsonSchema, error)
        }
    }

    /// The parameters of a request whose prompt is processed as `prefill` says.
    func parameters(prefill: PrefillParameters, format: ResponseFormat) -> GenerateParameters {
        GenerateParameters(
            maxTokens: maxTokens, temperature: temperature, topP: topP, topK: topK, minP: minP,
            repetitionPenalty: repetitionPenalty, seed: seed, stopStrings: stop, responseFormat: format,
            ignoreEOS: ignoreEOS,
            allowBeyondTrainedLength: allowBeyondTrainedLength, prefill: prefill)
    }
}
