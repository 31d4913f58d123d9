/// The defaults for generation that a checkpoint brings in `generation_config.json`; nil where it says
/// nothing.
public struct GenerationConfiguration: Sendable, Hashable {
    /// The token that begins a text.
    public var bosTokenId: Int?
    /// The tokens that end a text; empty when the file names none.
    public var eosTokenIds: [Int] = []
    /// The token that fills batches.
    public var padTokenId: Int?
    /// Whether tokens are drawn rather than the most likely taken.
    public var doSample: Bool?
    /// The divisor of logits, above zero (zero means greedy).
    public var temperature: Double?
    /// The probability mass that is drawn from, above zero.
    public var topP: Double?
    /// The number of most likely tokens that are drawn from; zero is all.
    public var topK: Int?
    /// The least probability relative to the most likely token's.
    public var minP: Double?
    /// The divisor of positive logits (and factor on negative ones) of tokens that occurred; 1 is none.
    public var repetitionPenalty: Double?
    /// The most tokens to generate.
    public var maxNewTokens: Int?
    /// The most tokens of prompt and text together.
    public var maxLength: Int?

    /// A configuration that says nothing.
    public init() {}

    /// Reads `generation_config.json` in a checkpoint's directory; an absent file says nothing.
    public init(directory: String) throws(ConfigurationError) {
        do {
            try self.init(ConfigurationObject(path: FileSystem.join(directory, "generation_config.json")))
        } catch .file(.notFound) {
            self.init()
        }
    }

    /// Reads and checks the members.
    package init(_ object: ConfigurationObject) throws(ConfigurationError) {
        bosTokenId = try object.tokenIds("bos_token_id").first
        eosTokenIds = try object.tokenIds("eos_token_id")
        padTokenId = try object.tokenIds("pad_token_id").first
        doSample = try object.optionalFlag("do_sample")
        temperature = try object.optionalNumber("temperature", in: 0...1e3)
        topP = try object.optionalNumber("top_p", in: 0...1)
        topK = try object.optionalInteger("top_k", in: 0...Int(Int32.max))
        minP = try object.optionalNumber("min_p", in: 0...1)
        repetitionPenalty = try object.optionalNumber("repetition_penalty", in: 1e-3...1e3)
        maxNewTokens = try object.optionalInteger("max_new_tokens", in: 0...Int(Int32.max))
        maxLength = try object.optionalInteger("max_length", in: 0...Int(Int32.max))
    }
}
