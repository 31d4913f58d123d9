/// What every `config.json` says, and the rest of it for the configuration of its family.
///
///     let configuration = try ModelConfiguration(directory: path)
///     let decoder = try DecoderConfiguration(configuration)
public struct ModelConfiguration: Sendable {
    /// The file that was read.
    public var path: String { object.path }
    /// The model family, e.g. `llama`; one of `supportedModelTypes`.
    public let modelType: String
    /// The names of the original classes, e.g. `LlamaForCausalLM`.
    public let architectures: [String]
    /// How the checkpoint's matrices were rounded to few bits; nil when they were not.
    public let quantization: QuantizationScheme?
    /// The token that begins a text, when the configuration names one.
    public let bosTokenId: Int?
    /// The tokens that end a text; empty when the configuration names none.
    public let eosTokenIds: [Int]
    /// The token that fills batches, when the configuration names one.
    public let padTokenId: Int?
    package let object: ConfigurationObject

    /// Reads `config.json` in a checkpoint's directory.
    public init(directory: String) throws(ConfigurationError) {
        try self.init(ConfigurationObject(path: FileSystem.join(directory, "config.json")))
    }

    /// Reads the members that all families share.
    package init(_ object: ConfigurationObject) throws(ConfigurationError) {
        guard let modelType = try object.optionalString("model_type") else {
            throw object.invalid(
                "model_type", expected: "one of \(Self.supportedModelTypes.joined(separator: ", "))")
        }
        guard Self.supportedModelTypes.contains(modelType) else {
            throw .unsupportedModelType(
                path: object.path, found: modelType, supported: Self.supportedModelTypes)
        }
        quantization = try object.optionalObject("quantization_config").map {
            (object) throws(ConfigurationError) in try QuantizationScheme(object)
        }
        self.modelType = modelType
        architectures = try object.strings("architectures")
        bosTokenId = try object.tokenIds("bos_token_id").first
        eosTokenIds = try object.tokenIds("eos_token_id")
        padTokenId = try object.tokenIds("pad_token_id").first
        self.object = object
    }
}
