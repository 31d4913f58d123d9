import Evaluation
import MInference

/// Prompts of a task, of a length in tokens, as the model sees them.
struct SyntheticPrompts {
    let task: String
    let length: Int
    let model: ModelContainer

    /// The tokens of a sample with the beginning of its answer.
    func tokens(seed: UInt64) throws -> [Int] {
        let sample = try EvaluationTask.named(task).sample(length: length, seed: seed) {
            model.tokenizer.encode(text: $0, addSpecialTokens: false).count
        }
        let text = model.hasChatTemplate ? try model.render([.user(sample.content)]) : sample.content
        return model.tokenizer.encode(text: text + sample.answerPrefix, addSpecialTokens: false)
    }
}
