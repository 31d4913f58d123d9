/// How much a template may cost: templates come with checkpoints from strangers.
public struct ChatTemplateLimits: Sendable, Hashable {
    /// The most output, in UTF-8 bytes.
    public var outputBytes: Int
    /// The most steps: one for every expression, statement and element visited, and one for every 32 bytes of text
    /// that an operation reads or makes.
    public var steps: Int

    /// The defaults fit prompts of a few million tokens.
    public init(outputBytes: Int = 256 << 20, steps: Int = 10_000_000) {
        self.outputBytes = outputBytes
        self.steps = steps
    }

    /// The longest template that is read, in UTF-8 bytes.
    static let sourceBytes = 1 << 20
    /// The deepest nesting of expressions or statements in a template.
    static let syntaxDepth = 100
    /// The deepest nesting of evaluation, macro calls included.
    static let evaluationDepth = 400
    /// The deepest nesting of lists and dictionaries; JSON texts may nest 128 levels.
    static let valueDepth = 160
    /// The most elements of a `range`, as in Jinja's sandbox.
    static let rangeCount = 100_000
}
