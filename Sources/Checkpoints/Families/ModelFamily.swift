/// A family of architectures: which configurations are its own, what they mean, and what its weights are called.
package protocol ModelFamily {
    /// The values of `model_type` that belong to it.
    static var modelTypes: [String] { get }
    /// The models that people know it by, in one line.
    static var models: String { get }
    /// What `config.json` says, checked.
    static func configuration(_ model: ModelConfiguration) throws(ConfigurationError) -> DecoderConfiguration
}

extension ModelConfiguration {
    /// All families.
    package static var families: [any ModelFamily.Type] {
        [
            LlamaFamily.self, MistralFamily.self, Qwen2Family.self, Qwen3Family.self, Qwen3MoEFamily.self,
            GLMFamily.self, ChatGLMFamily.self, Phi3Family.self, Gemma2Family.self, Gemma3Family.self,
            YiFamily.self,
        ]
    }

    /// The values of `model_type` that have an implementation.
    public static let supportedModelTypes = families.flatMap { $0.modelTypes }

    /// The supported families: the values of `model_type`, and the models that are known by them.
    public static var supportedFamilies: [(modelTypes: [String], models: String)] {
        families.map { ($0.modelTypes, $0.models) }
    }

    /// The family of `modelType`, which was checked.
    var family: any ModelFamily.Type {
        guard let family = Self.families.first(where: { $0.modelTypes.contains(modelType) }) else {
            preconditionFailure("an unsupported model_type is refused when it is read")
        }
        return family
    }
}
