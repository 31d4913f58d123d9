/// Scores by method, length and task, with what the paper of RULER derives from them.
public struct RulerResults: Sendable {
    /// What was evaluated.
    public let about: ResultDescription
    /// The tasks, in the order asked for.
    public let tasks: [String]
    /// The mean score in percent from which on a length counts as effective.
    public let threshold: Double
    private let answers: [String: [AnswerRecord]]

    /// Results of `records`, of which those of other methods, lengths and tasks are left out.
    public init(_ about: ResultDescription, tasks: [String], threshold: Double, records: [AnswerRecord]) {
        self.about = about
        self.tasks = tasks
        self.threshold = threshold
        answers = Dictionary(grouping: records) { Self.key($0.method, $0.length, $0.task) }
    }

    var methods: [String] { about.methods }
    var lengths: [Int] { about.lengths }

    private static func key(_ method: String, _ length: Int, _ task: String) -> String {
        "\(method)\n\(length)\n\(task)"
    }

    /// The records of one cell.
    public func cell(_ method: String, _ length: Int, _ task: String) -> [AnswerRecord] {
        answers[Self.key(method, length, task)] ?? []
    }

    /// The records of all tasks.
    public func cells(_ method: String, _ length: Int) -> [AnswerRecord] {
        tasks.flatMap { cell(method, length, $0) }
    }

    /// The mean of the tasks' means; nil unless every task has a score.
    public func mean(_ method: String, _ length: Int) -> Double? {
        let means = tasks.map { cell(method, length, $0).map(\.score).mean }
        return means.contains(where: \.isNaN) || means.isEmpty ? nil : means.mean
    }

    /// The greatest length whose mean reaches the threshold; nil when none does.
    public func effectiveLength(_ method: String) -> Int? {
        lengths.last { (mean(method, $0) ?? 0) * 100 >= threshold - 1e-9 }
    }

    /// The mean over lengths, and the means in which weights 1, 2, ... rise or fall with length (RULER's wAvg); nil unless
    /// every length has a mean.
    public func averages(_ method: String) -> (plain: Double, rising: Double, falling: Double)? {
        let means = lengths.compactMap { mean(method, $0) }
        guard means.count == lengths.count, !means.isEmpty else { return nil }
        let weights = (1...means.count).map(Double.init)
        func weighted(_ weights: [Double]) -> Double {
            zip(means, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
        }
        return (means.mean, weighted(weights), weighted(weights.reversed()))
    }

    /// How much better `method` does than `base` on the same samples, in points, with the half width of its 95% confidence
    /// interval (the normal one, of paired differences); nil unless both have samples in common.
    public func difference(_ method: String, from base: String, _ length: Int) -> (
        mean: Double, half: Double
    )? {
        struct Sample: Hashable {
            let task: String
            let index: Int
        }
        let scores = Dictionary(
            cells(base, length).map { (Sample(task: $0.task, index: $0.index), $0.score) },
            uniquingKeysWith: { $1 })
        let differences = cells(method, length).compactMap { record in
            scores[Sample(task: record.task, index: record.index)].map { 100 * (record.score - $0) }
        }
        guard differences.count > 1 else { return nil }
        let mean = differences.mean
        let variance =
            differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(differences.count - 1)
        return (mean, 1.959964 * (variance / Double(differences.count)).squareRoot())
    }
}
