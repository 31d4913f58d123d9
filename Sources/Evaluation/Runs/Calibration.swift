import MInference
import SparseAttention

/// The prefill of a method at one length; static indexes are made when they are first needed.
struct Calibration {
    private let settings: SampleSettings
    private var made: [String: PrefillParameters] = [:]

    init(settings: SampleSettings) { self.settings = settings }

    /// The parameters of `method` for prompts of `length` tokens.
    mutating func parameters(
        of method: EvaluatedMethod, length: Int, model: ModelContainer
    ) async throws -> PrefillParameters {
        switch method.source {
        case .parameters(let parameters): return parameters
        case .calibrated(let base):
            let key = "\(method.identity) \(length)"
            if let parameters = made[key] { return parameters }
            var parameters = base
            parameters.attention = try await staticMethod(base, length: length, model: model)
            made[key] = parameters
            return parameters
        }
    }

    /// A seed that no sample of an evaluation has.
    private static let seed: UInt64 = 0x5CA1_AB1E

    private func staticMethod(
        _ parameters: PrefillParameters, length: Int, model: ModelContainer
    ) async throws -> StaticMethod {
        let sample = try EvaluationTask.named("niah_multikey_2").sample(
            length: length, seed: Self.seed, settings: settings, countTokens: model.tokenCounter)
        let recorder = IndexRecorder(parameters.attention)
        var parameters = parameters
        parameters.attention = recorder
        let tokens = try model.evaluationTokens(content: sample.content, answerPrefix: sample.answerPrefix)
        _ = try await model.greedyAnswer(to: tokens, maxTokens: 1, prefill: parameters)
        return StaticMethod(try recorder.indexes(layers: model.configuration.hiddenLayers))
    }
}
