/// One prompt of an evaluation.
struct AnswerJob: Sendable {
    /// What tells the prompt from all others, for keys of records.
    let identity: String
    /// The task's name.
    let task: String
    /// The most tokens of prompt and answer.
    let length: Int
    /// The sample's number.
    let index: Int
    /// Where the needle is, when that was asked for.
    var depth: Double?
    /// Makes the prompt.
    let sample: @Sendable (TokenCounter) throws -> EvaluationSample
}

/// Seeds of samples.
enum SampleSeed {
    /// A seed that depends on nothing but what it is a sample of, so that more samples or tasks leave others alone.
    static func of(_ name: String, seed: UInt64) -> UInt64 {
        // FNV-1a.
        name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
