/// What all samples of an evaluation share.
public struct SampleSettings: Sendable, Hashable {
    /// How tasks are worded.
    public var wording: PromptWording
    /// What stands around needles where RULER has essays.
    public var haystack: HaystackText
    /// The tokens that the chat template puts around the user message.
    public var templateTokens: Int

    /// Settings; the wording of the bundled model and procedural prose unless given.
    public init(
        wording: PromptWording = .plain, haystack: HaystackText = .procedural, templateTokens: Int = 8
    ) {
        self.wording = wording
        self.haystack = haystack
        self.templateTokens = templateTokens
    }
}

/// What a source of drafts is made from.
struct SampleContext {
    let settings: SampleSettings
    /// The most tokens of prompt and answer.
    let length: Int
    /// Where the answer goes, from 0 to 100.
    let depth: Double
    /// The sample's number, for tasks with a list of questions.
    let index: Int

    /// Whether the wording is RULER's.
    var isRuler: Bool { settings.wording == .ruler }
}
