import JSON

/// A result of one method, as a line of a file of records.
protocol EvaluationRecord: Sendable {
    /// The method as it was asked for.
    var method: String { get set }

    /// Reads what an evaluation wrote; nil when something is missing.
    init?(_ value: JSONValue)
}

extension AnswerRecord: EvaluationRecord {}
extension PredictionRecord: EvaluationRecord {}
extension LatencyRecord: EvaluationRecord {}

extension RecordStore {
    /// Those of the records of `keys` that are there, under the names by which their methods are asked for now.
    func records<Record: EvaluationRecord>(
        of keys: [(method: EvaluatedMethod, key: String)]
    ) -> [Record] {
        keys.compactMap { method, key in
            guard let line = record(key), var result = Record(line) else { return nil }
            result.method = method.name
            return result
        }
    }
}
