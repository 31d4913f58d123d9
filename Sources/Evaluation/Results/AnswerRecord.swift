import JSON
import MInference

/// One answer of a model with one method.
public struct AnswerRecord: Sendable, Hashable {
    /// The task's name.
    public var task: String
    /// The most tokens of prompt and answer.
    public var length: Int
    /// The sample's number.
    public var index: Int
    /// Where the needle was put, in percent, when that was asked for.
    public var depth: Double?
    /// The method as it was asked for.
    public var method: String
    /// From 0 to 1.
    public var score: Double
    /// The share of causal pairs that was computed.
    public var density: Double
    /// The mean share of attention mass that was kept, where it was sampled.
    public var recall: Double?
    /// Seconds to the first token.
    public var seconds: Double

    /// A record.
    public init(
        task: String, length: Int, index: Int, depth: Double? = nil, method: String, score: Double,
        density: Double, recall: Double?, seconds: Double
    ) {
        self.task = task
        self.length = length
        self.index = index
        self.depth = depth
        self.method = method
        self.score = score
        self.density = density
        self.recall = recall
        self.seconds = seconds
    }

    /// Reads what ``members`` writes; nil when something is missing.
    init?(_ value: JSONValue) {
        guard let task = value["task"]?.string, let length = value["length"]?.int,
            let index = value["index"]?.int, let method = value["method"]?.string,
            let score = value["score"]?.double, let density = value["density"]?.double,
            let seconds = value["firstTokenSeconds"]?.double
        else { return nil }
        self.init(
            task: task, length: length, index: index, depth: value["depth"]?.double, method: method,
            score: score, density: density, recall: value["recall"]?.double, seconds: seconds)
    }

    /// The members of a record in a file.
    var members: [JSONValue.Member] {
        let place = depth.map { [JSONValue.Member(key: "depth", value: .double($0))] } ?? []
        return [
            .init(key: "task", value: .string(task)), .init(key: "length", value: .int(length)),
            .init(key: "index", value: .int(index)),
        ] + place + [
            .init(key: "method", value: .string(method)),
            .init(key: "score", value: .double(score)), .init(key: "density", value: .double(density)),
            .init(key: "recall", value: recall.map { .double($0) } ?? .null),
            .init(key: "firstTokenSeconds", value: .double(seconds)),
        ]
    }
}
