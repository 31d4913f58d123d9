import Evaluation
import MInference

/// Prompts of a task, of a length in tokens, as the model sees them.
struct SyntheticPrompts {
    let task: String
    let length: Int
    let model: ModelContainer

    /// The tokens of a sample with the beginning of its answer.
    func tokens(seed: UInt64) throws -> [Int] {
        let sample = try EvaluationTask.named(task).sample(
            length: length, seed: seed,
            settings: SampleSettings(templateTokens: try model.templateTokens()),
            countTokens: model.tokenCounter)
        return try model.evaluationTokens(content: sample.content, answerPrefix: sample.answerPrefix)
    }
}
