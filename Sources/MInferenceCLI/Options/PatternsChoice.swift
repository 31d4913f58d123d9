import Evaluation
import MInference
import SparseAttention

/// What `--patterns` names: a file, no file at all or, when it is left out, the model's own.
struct PatternsChoice {
    /// The option's value.
    let option: String?

    /// What stands for no file at all.
    private static let none = "none"

    /// The file; nil when there is none.
    func path(for model: ModelContainer) -> String? {
        option == Self.none ? nil : option ?? model.ownPatternsPath
    }

    /// What the methods of a model get; reads the file and tells what was noticed in one that was named.
    func settings(for model: ModelContainer, budget: VerticalSlashBudget?) throws -> AttentionMethods.Settings
    {
        var settings = try model.methodSettings(usesOwn: option == nil)
        settings.budget = budget
        if let option, option != Self.none {
            let reading = try model.patterns(file: option)
            for note in reading.notes { Terminal.note("\(option): \(note)") }
            settings.patterns = reading.patterns
        }
        return settings
    }
}
