import MInference
import SparseAttention

/// How a service works on requests.
package struct ServiceConfiguration: Sendable {
    /// The name that clients know the model by.
    package var modelName: String
    /// Tokens of a chunk of the grid on which indexes are estimated and prefixes are cached; a multiple of 64.
    package var chunk: Int
    /// What requests that ask for nothing else get: method, recall floor, sampled rows. Estimation and order are the
    /// service's own.
    package var prefill: PrefillParameters
    /// What the methods get that requests ask for.
    package var methods: AttentionMethods.Settings
    /// The most tokens of an answer when a request says nothing.
    package var defaultMaxTokens: Int
    /// The longest prompt in tokens; nil for what the model's positions allow.
    package var longestPrompt: Int?
    /// Whether requests may ask for one estimate from the whole prompt, which is not done in chunks: nobody else is
    /// served while a layer of it runs.
    package var allowsPromptEstimation: Bool
    /// Limits of the schedule.
    package var limits: SchedulerLimits
    /// Bytes of memory for prefixes of earlier prompts; 0 keeps none.
    package var prefixCacheBytes: Int
    /// What else than tokens, model and method cached keys and values depend on, the contents of a patterns file for
    /// example.
    package var cacheContext: String

    /// A configuration; only name and limits have no default.
    package init(
        modelName: String, limits: SchedulerLimits, chunk: Int = 2048,
        prefill: PrefillParameters = PrefillParameters(),
        methods: AttentionMethods.Settings = AttentionMethods.Settings(), defaultMaxTokens: Int = 4096,
        longestPrompt: Int? = nil, allowsPromptEstimation: Bool = false, prefixCacheBytes: Int = 1 << 30,
        cacheContext: String = ""
    ) {
        precondition(chunk > 0 && chunk % 64 == 0, "chunks are of whole groups of 64 tokens")
        self.modelName = modelName
        self.chunk = chunk
        self.prefill = prefill
        self.methods = methods
        self.defaultMaxTokens = defaultMaxTokens
        self.longestPrompt = longestPrompt
        self.allowsPromptEstimation = allowsPromptEstimation
        self.limits = limits
        self.prefixCacheBytes = prefixCacheBytes
        self.cacheContext = cacheContext
    }
}
